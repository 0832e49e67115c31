/* SPDX-License-Identifier: MIT */
/*
 * Output: gathered in the lease and sent when much, before a wait, at a flush and at the end.  A
 * write that does not fit is sent together with what is gathered, without a copy.
 */
#include "core/output.h"

#include "core/clock.h"
#include "core/connection.h"
#include "core/service.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

enum { PIECE = 1 << 18 }; /* of a file, before others have a turn */

static bool gathered(const struct modus_conn *c)
{
	return c->lease && c->lease->out_len > 0 && !c->out_error;
}

static int begin(struct modus_conn *c, const char *call)
{
	int rc = conn_enter(c, call);

	if (rc)
		return rc;
	if (c->out_error)
		return c->out_error;
	if (!(c->flags & CONN_SHUT))
		return 0;
	if (!gathered(c)) /* what came before the shutdown must not be lost */
		c->out_error = -EPIPE;
	return -EPIPE;
}

static size_t capacity(const struct modus_conn *c)
{
	return modus_is_datagram(c) ? LEASE_INPUT : LEASE_OUTPUT;
}

/* A datagram is whole when the handler says so: no wait sends what is gathered for it. */
bool output_pending(const struct modus_conn *c)
{
	return gathered(c) && !modus_is_datagram(c);
}

static int failed(struct modus_conn *c, int error)
{
	if (c->lease)
		c->lease->out_len = 0;
	return c->out_error = conn_count_unsent(c, error);
}

/* Takes n sent bytes off the parts: the gathered ones, then the caller's. */
static void advance(struct iovec parts[2], size_t n)
{
	for (int i = 0; i < 2 && n > 0; i++) {
		size_t of_this = n < parts[i].iov_len ? n : parts[i].iov_len;

		parts[i].iov_base = (char *)parts[i].iov_base + of_this;
		parts[i].iov_len -= of_this;
		n -= of_this;
	}
}

/* One send of what is left of the parts: 1 when all is sent, 0 when some is, or a failure. */
static ssize_t send_some(struct modus_conn *c, struct iovec parts[2], int ms)
{
	int first = parts[0].iov_len == 0, n = 2 - first - (parts[1].iov_len == 0);
	ssize_t sent;

	if (n == 0)
		return 1;
	sent = c->worker->io->send(c, &parts[first], n, ms);
	if (sent < 0)
		return sent;
	counter_add(c->worker->slot, COUNT_bytes_out, (uint64_t)sent);
	advance(parts, (size_t)sent);
	return parts[0].iov_len + parts[1].iov_len == 0;
}

/* What was not sent stays gathered, or the caller's rest is told by *left. */
static int send_parts(struct modus_conn *c, const void *buf, size_t size, int ms)
{
	struct lease *l = c->lease;
	struct iovec parts[2] = { { l->out, l->out_len }, { (void *)(uintptr_t)buf, size } };
	ssize_t rc;

	do
		rc = send_some(c, parts, ms);
	while (rc == 0);
	if (rc > 0) {
		l->out_len = 0;
		return 0;
	}
	if (rc == -EAGAIN) { /* only of a try, and a try has no parts but the gathered */
		memmove(l->out, parts[0].iov_base, parts[0].iov_len);
		l->out_len = parts[0].iov_len;
		return -EAGAIN;
	}
	return failed(c, (int)rc);
}

/* The half-close that was asked for, once all is sent. */
static void shut_if_due(struct modus_conn *c)
{
	if ((c->flags & (CONN_SHUT | CONN_SHUT_DONE)) != CONN_SHUT || output_pending(c))
		return;
	c->flags |= CONN_SHUT_DONE;
	c->transport->shutdown(c);
}

int output_push(struct modus_conn *c)
{
	int rc = output_pending(c) ? send_parts(c, NULL, 0, 0) : c->out_error;

	shut_if_due(c);
	return rc;
}

/* The others' turn before c waits in a send; their failures stick to them. */
static void push_family(struct modus_conn *c)
{
	struct modus_conn *root = conn_root(c);

	if (root != c)
		output_push(root);
	for (struct modus_conn *up = root->outbound; up; up = up->next)
		if (up != c)
			output_push(up);
}

static int send_all(struct modus_conn *c, const void *buf, size_t size)
{
	int rc;

	if (size == 0) {
		rc = send_parts(c, NULL, 0, 0);
		shut_if_due(c);
		if (rc != -EAGAIN)
			return rc;
	}
	push_family(c);
	rc = send_parts(c, buf, size, conn_root(c)->write_ms);
	if (rc == -EAGAIN) /* there was no time at all */
		rc = failed(c, -ETIMEDOUT);
	shut_if_due(c);
	return rc;
}

int output_flush(struct modus_conn *c)
{
	return gathered(c) ? send_all(c, NULL, 0) : output_push(c);
}

static int flush_own(struct modus_conn *c, bool datagrams)
{
	return datagrams || output_pending(c) ? output_flush(c) : output_push(c);
}

static int flush_family(struct modus_conn *c, bool datagrams)
{
	struct modus_conn *root = conn_root(c);

	if (root == c && !c->outbound) /* as most are */
		return flush_own(c, datagrams);
	for (struct modus_conn *up = root->outbound; up; up = up->next)
		if (datagrams || output_pending(up))
			output_flush(up);
	if (root != c && (datagrams || output_pending(root)))
		output_flush(root);
	return flush_own(c, datagrams);
}

int output_flush_all(struct modus_conn *c)
{
	return flush_family(c, false);
}

int output_end_all(struct modus_conn *c)
{
	return flush_family(c, true);
}

int modus_write(struct modus_conn *c, const void *buf, size_t n)
{
	int rc = begin(c, "modus_write");
	struct lease *l = c->lease;

	if (rc)
		return rc;
	if (n <= capacity(c) - l->out_len) {
		memcpy(l->out + l->out_len, buf, n);
		l->out_len += n;
		return 0;
	}
	return modus_is_datagram(c) ? failed(c, -EMSGSIZE) : send_all(c, buf, n);
}

int modus_vprintf(struct modus_conn *c, const char *format, va_list args)
{
	int rc = begin(c, "modus_printf"), n;
	struct lease *l = c->lease;
	size_t room;
	va_list again;
	char *text;

	if (rc)
		return rc;
	room = capacity(c) - l->out_len;
	va_copy(again, args);
	n = vsnprintf(l->out + l->out_len, room, format, again);
	va_end(again);
	if (n < 0)
		return -EINVAL;
	if ((size_t)n < room) {
		l->out_len += (size_t)n;
		return 0;
	}
	text = malloc((size_t)n + 1);
	if (!text)
		return failed(c, -ENOMEM);
	vsnprintf(text, (size_t)n + 1, format, args);
	rc = modus_write(c, text, (size_t)n);
	free(text);
	return rc;
}

int modus_printf(struct modus_conn *c, const char *format, ...)
{
	va_list args;
	int rc;

	va_start(args, format);
	rc = modus_vprintf(c, format, args);
	va_end(args);
	return rc;
}

/* Waits for room; *since is when it began to be missing, 0 where that is now.  If it still is after
 * the system said that there is some, the system is short of memory, and nothing tells of its end.
 */
static int wait_writable(struct modus_conn *c, int64_t *since)
{
	struct modus_pollfd want = { .conn = c, .fd = c->fd, .events = POLLOUT };
	const struct modus_io *io = c->worker->io;
	bool said = *since != 0;
	int left, rc;

	if (!said)
		*since = io->now(c->worker);
	do {
		left = clock_left(conn_root(c)->write_ms, *since, io->now(c->worker));
		if (left == 0)
			return -ETIMEDOUT;
		rc = said ? io->wait(c, NULL, 0, clock_sooner(left, NAP_MS))
			  : io->wait(c, &want, 1, left);
	} while (rc == 0 && !said);
	return rc < 0 && rc != -ETIMEDOUT ? rc : 0;
}

int modus_sendfile(struct modus_conn *c, int fd, int64_t offset, int64_t count)
{
	int rc = begin(c, "modus_sendfile");
	int64_t since = 0;

	if (rc)
		return rc;
	if (modus_is_datagram(c))
		return -EOPNOTSUPP;
	rc = output_flush(c);
	while (rc == 0 && count > 0) {
		size_t piece = count < PIECE ? (size_t)count : PIECE;
		ssize_t n = c->transport->sendfile(c, fd, offset, piece);

		if (n == -EAGAIN) {
			c->ready &= (uint16_t)~POLLOUT; /* what the strategy had noted is over */
			push_family(c);
			rc = wait_writable(c, &since);
		} else if (n <= 0) {
			rc = n ? (int)n : -EIO;
		} else {
			offset += n;
			count -= n;
			since = 0;
			counter_add(c->worker->slot, COUNT_bytes_out, (uint64_t)n);
			if (n == PIECE)
				rc = c->worker->io->wait(c, NULL, 0, 0);
		}
	}
	return rc && !c->out_error ? failed(c, rc) : rc;
}

int modus_flush(struct modus_conn *c)
{
	int rc = conn_enter(c, "modus_flush"); /* what came before a shutdown is sent too */

	return rc ? rc : output_flush(c);
}

int modus_shutdown(struct modus_conn *c)
{
	int rc = begin(c, "modus_shutdown");

	if (rc)
		return rc;
	c->flags |= CONN_SHUT;
	rc = output_push(c);
	return rc == -EAGAIN ? 0 : rc;
}

size_t modus_room(const struct modus_conn *c)
{
	if (c->out_error || (c->flags & CONN_SHUT))
		return 0;
	return capacity(c) - (c->lease ? c->lease->out_len : 0);
}
