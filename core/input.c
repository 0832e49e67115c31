/* SPDX-License-Identifier: MIT */
/*
 * Input: unconsumed bytes stand at c->in, in the lease or in memory kept while parked.  A line or a
 * peek is shown in place; the bytes before c->in stay as they were until more is received, which is
 * why a loan ends with the next input call.
 */
#include "core/input.h"

#include "core/clock.h"
#include "core/connection.h"
#include "core/output.h"
#include "core/service.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

typedef ssize_t receive_fn(struct modus_conn *c, char **at, size_t room, int ms);

static size_t make_room(struct modus_conn *c)
{
	struct lease *l = c->lease;

	if (c->in_len == 0)
		c->in = l->in;
	if (c->in + c->in_len == l->in + LEASE_INPUT) {
		memmove(l->in, c->in, c->in_len);
		c->in = l->in;
	}
	return LEASE_INPUT - (size_t)(c->in + c->in_len - l->in);
}

/* Input that a strategy lent, or that was kept while parked, moves into the lease. */
static int bring_home(struct modus_conn *c)
{
	int rc = conn_lend(c);

	if (rc == 0 && c->in_len && (c->in < c->lease->in || c->in > c->lease->in + LEASE_INPUT)) {
		memcpy(c->lease->in, c->in, c->in_len);
		c->in = c->lease->in;
	}
	return rc;
}

static ssize_t receive(struct modus_conn *c, receive_fn *how, int ms)
{
	int rc = bring_home(c);
	size_t room;
	char *at;
	ssize_t n;

	if (rc)
		return rc;
	room = make_room(c);
	if (room == 0)
		return -ENOBUFS;
	at = c->in + c->in_len;
	n = how(c, &at, room, ms);
	if (n > 0) {
		if (c->in_len == 0)
			c->in = at;
		c->in_len += (uint32_t)n;
		counter_add(c->worker->slot, COUNT_bytes_in, (uint64_t)n);
	} else if (n == 0 && (c->flags & CONN_MESSAGES)) {
		return -EAGAIN; /* an empty datagram ends nothing */
	} else if (n == 0) {
		c->flags |= CONN_END;
	} else if (n != -EAGAIN && !(n == -ETIMEDOUT && how == c->worker->io->idle)) {
		c->in_error = conn_count_failure(c, (int)n);
	}
	return n;
}

ssize_t input_try(struct modus_conn *c)
{
	if (c->in_error)
		return c->in_error;
	if (c->flags & CONN_END)
		return 0;
	return receive(c, c->worker->io->receive, 0);
}

ssize_t input_idle(struct modus_conn *c, int ms)
{
	return receive(c, c->worker->io->idle, ms);
}

/* How long this wait for input may last: a request's waits share one time, each wait for an
 * upstream has as much. */
static int time_left(struct modus_conn *c)
{
	if (!c->owner || c->owner->request_left_ms < 0)
		return conn_root(c)->request_left_ms;
	return (int)conn_service(c)->plan->timeouts.request;
}

static void spend(struct modus_conn *c, int64_t waited, ssize_t got)
{
	int64_t rate = conn_service(c)->plan->timeouts.min_rate, left = c->request_left_ms;

	if (left < 0 || c->owner)
		return;
	left = left > waited ? left - waited : 0;
	if (got > 0 && rate > 0)
		left += got * 1000 / rate;
	c->request_left_ms = (int)(left < INT32_MAX ? left : INT32_MAX);
}

/* Waits for more: the count, 0 at the end of input, a failure that has stuck. */
static ssize_t more(struct modus_conn *c)
{
	const struct modus_io *io = c->worker->io;
	ssize_t n = input_try(c);
	int64_t start;
	int rc;

	if (n != -EAGAIN)
		return n;
	rc = output_flush_all(c);
	if (rc == -ECANCELED)
		return c->in_error = rc;
	start = io->now(c->worker);
	if (time_left(c) == 0)
		return c->in_error = conn_count_failure(c, -ETIMEDOUT);
	n = receive(c, io->receive, time_left(c));
	spend(c, io->now(c->worker) - start, n);
	return n;
}

static int begin(struct modus_conn *c, const char *call)
{
	int rc = conn_enter(c, call);

	if (rc == -ENOMEM)
		c->in_error = conn_count_failure(c, rc);
	if (rc)
		return rc;
	if (c->worker->poison && c->lease && c->in > c->lease->in &&
	    c->in <= c->lease->in + LEASE_INPUT)
		memset(c->lease->in, 0xa5, (size_t)(c->in - c->lease->in));
	return c->in_error;
}

static void take(struct modus_conn *c, size_t n)
{
	c->in += n;
	c->in_len -= (uint32_t)n;
	if (n)
		c->flags |= CONN_CONSUMED;
}

static ssize_t read_some(struct modus_conn *c, void *buf, size_t size)
{
	if (c->in_len == 0) {
		ssize_t n = more(c);

		if (n <= 0)
			return n;
	}
	if (size > c->in_len)
		size = c->in_len;
	memcpy(buf, c->in, size);
	take(c, size);
	return (ssize_t)size;
}

ssize_t modus_read(struct modus_conn *c, void *buf, size_t size)
{
	int rc = begin(c, "modus_read");

	return rc || size == 0 ? rc : read_some(c, buf, size);
}

ssize_t modus_readn(struct modus_conn *c, void *buf, size_t size)
{
	int rc = begin(c, "modus_readn");
	size_t got = 0;

	if (rc)
		return rc;
	while (got < size) {
		ssize_t n = read_some(c, (char *)buf + got, size - got);

		if (n < 0)
			return n;
		if (n == 0)
			return got ? (c->in_error = conn_count_failure(c, -EBADMSG)) : 0;
		got += (size_t)n;
	}
	return (ssize_t)got;
}

/* The line's end within what has come: where its LF is, or NULL. */
static char *find_end(const struct modus_conn *c, size_t from, size_t max)
{
	size_t limit = c->in_len < max + 2 ? c->in_len : max + 2;

	return limit > from ? memchr(c->in + from, '\n', limit - from) : NULL;
}

static char *take_line(struct modus_conn *c, size_t n, size_t taken, size_t *len)
{
	char *line = c->in;

	if (taken > n && n > 0 && line[n - 1] == '\r')
		n--;
	line[n] = '\0';
	take(c, taken);
	if (len)
		*len = n;
	return line;
}

static char *line_failed(struct modus_conn *c, int error)
{
	if (error && !c->in_error)
		c->in_error = conn_count_failure(c, error);
	return NULL;
}

/* The end of input: nothing, a datagram's last line, or a line that was cut. */
static char *last_line(struct modus_conn *c, size_t max, size_t *len)
{
	if (c->in_len == 0)
		return NULL;
	if (!modus_is_datagram(c))
		return line_failed(c, -EBADMSG);
	if (c->in_len > max)
		return line_failed(c, -EMSGSIZE);
	return take_line(c, c->in_len, c->in_len, len);
}

char *modus_readline(struct modus_conn *c, size_t max, size_t *len)
{
	size_t seen = 0;
	char *end;
	int rc = begin(c, "modus_readline");

	if (rc)
		return NULL;
	if (max > LEASE_INPUT - 3)
		max = LEASE_INPUT - 3;
	while (!(end = find_end(c, seen, max))) {
		ssize_t n;

		if (c->in_len >= max + 2)
			return line_failed(c, -EMSGSIZE);
		if ((c->flags & CONN_MESSAGES) && c->in_len)
			return last_line(c, max, len);
		seen = c->in_len;
		n = more(c);
		if (n < 0)
			return line_failed(c, (int)n);
		if (n == 0)
			return last_line(c, max, len);
	}
	seen = (size_t)(end - c->in);
	if (seen > max && !(seen == max + 1 && end[-1] == '\r'))
		return line_failed(c, -EMSGSIZE);
	return take_line(c, seen, seen + 1, len);
}

ssize_t modus_peek(struct modus_conn *c, size_t min, char **data)
{
	int rc = begin(c, "modus_peek");

	if (rc)
		return rc;
	if (min > LEASE_INPUT)
		return -EINVAL;
	while (c->in_len < min && !((c->flags & CONN_MESSAGES) && c->in_len)) {
		ssize_t n = more(c);

		if (n == -ENOBUFS)
			break;
		if (n < 0)
			return n;
		if (n == 0)
			break;
	}
	*data = c->in;
	return (ssize_t)c->in_len;
}

void modus_consume(struct modus_conn *c, size_t n)
{
	if (n > c->in_len)
		n = c->in_len;
	if (c->worker->poison)
		memset(c->in, 0xa5, n);
	take(c, n);
}
