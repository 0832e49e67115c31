/* SPDX-License-Identifier: MIT */
#include "compare/load_conn.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static const int64_t PAUSE_NS = 10000000, RESEND_NS = 200000000;
enum { STALE_MAX = 8 }; /* how far back a second reply to a datagram sent twice may lie */

void conn_shut(struct load_conn *c)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	c->state = CONN_PAUSED;
}

/* What is not begun anew by a retry must not be taken for its reply: the retry begins with a
 * message that was never sent. */
static void conn_pause(struct load_conn *c, int64_t now)
{
	conn_shut(c);
	c->answered = c->sent = c->begun;
	c->retry_at = now + PAUSE_NS;
}

static void conn_fail(struct load *l, struct load_conn *c, enum load_error kind, int err)
{
	if (!l->draining || kind == LOAD_WRONG) {
		l->result->errors.count[kind]++;
		l->result->errors.number[kind] = err;
	}
	conn_pause(c, load_now(l));
	c->since = -1;
}

static void conn_fail_errno(struct load *l, struct load_conn *c, int err)
{
	if (err == ECONNREFUSED)
		conn_fail(l, c, LOAD_REFUSED, err);
	else if (c->state == CONN_CONNECTING)
		conn_fail(l, c, LOAD_CONNECT, err);
	else
		conn_fail(l, c, LOAD_RESET, err);
}

static void conn_watch(struct load *l, struct load_conn *c, int op, bool write)
{
	struct epoll_event e = { .events = EPOLLIN | (write ? EPOLLOUT : 0), .data.ptr = c };

	c->want_write = write;
	if (epoll_ctl(l->epoll, op, c->fd, &e))
		conn_fail(l, c, LOAD_CONNECT, errno);
}

/* Fills the window of requests under way. */
static void conn_begin(struct load *l, struct load_conn *c, int64_t now)
{
	const struct load_options *o = l->options;
	uint64_t full = c->answered / o->size + o->pipeline;

	for (uint64_t number = c->begun / o->size; number < full; number++)
		c->starts[number % o->pipeline] = (uint64_t)now;
	c->begun = full * o->size;
}

/* Sends what was begun, as far as there is room: 0, -EAGAIN, or a negative errno. */
static int conn_send(struct load *l, struct load_conn *c)
{
	while (c->sent < c->begun) {
		uint64_t left = c->begun - c->sent;
		size_t n = left < LOAD_BUFFER ? (size_t)left : LOAD_BUFFER;
		ssize_t sent;

		message_bytes(&l->message, c->id, c->sent, l->out, n);
		sent = send(c->fd, l->out, n, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			return -errno;
		c->sent += (uint64_t)sent;
		c->state = CONN_OPEN;
	}
	return 0;
}

static void conn_push(struct load *l, struct load_conn *c)
{
	int err = conn_send(l, c);

	if (err && err != -EAGAIN)
		conn_fail_errno(l, c, -err);
	else if (c->want_write != (err == -EAGAIN))
		conn_watch(l, c, EPOLL_CTL_MOD, err == -EAGAIN);
}

/* The first send is tried at once: over loopback the handshake is done when connect() returns, and
 * the wait for EPOLLOUT would be two more calls for each connection. */
void conn_start(struct load *l, struct load_conn *c)
{
	int64_t now = load_now(l);
	int err = conn_socket(l, c);

	if (c->since < 0)
		c->since = now;
	if (err == -EAGAIN && l->target.any.sa_family == AF_UNIX) {
		conn_pause(c, now);
		return;
	}
	c->state = CONN_CONNECTING;
	if (err) {
		conn_fail_errno(l, c, -err);
		return;
	}
	conn_begin(l, c, c->since);
	c->sent_at = now;
	err = conn_send(l, c);
	if (err && err != -EAGAIN)
		conn_fail_errno(l, c, -err);
	else
		conn_watch(l, c, EPOLL_CTL_ADD, err == -EAGAIN);
}

static bool conn_is(const struct load *l, const struct load_conn *c, uint64_t at, size_t n)
{
	message_bytes(&l->message, c->id, at, l->out, n);
	return !memcmp(l->in, l->out, n);
}

static void conn_go_on(struct load *l, struct load_conn *c, int64_t now)
{
	conn_begin(l, c, now);
	c->since = c->sent_at = now;
	conn_push(l, c);
}

void conn_resume(struct load *l, struct load_conn *c)
{
	if (c->fd >= 0 && c->answered == c->begun)
		conn_go_on(l, c, load_now(l));
}

/* Counts the requests from position answered to now's, and goes on with the next. */
static void conn_answered(struct load *l, struct load_conn *c, uint64_t until)
{
	const struct load_options *o = l->options;
	uint64_t first = c->answered / o->size, end = until / o->size;
	int64_t now = load_now(l);

	c->answered = until;
	if (first == end)
		return;
	l->result->answered += end - first;
	if (!c->greeted) {
		c->greeted = true;
		l->greeted++;
		l->greeting_at = now;
	}
	if (l->measuring) {
		for (uint64_t i = first; i < end; i++)
			histogram_add(&l->result->latency,
				      (uint64_t)now - c->starts[i % o->pipeline]);
		l->result->requests += end - first;
		c->served = true;
	}
	c->since = now;
	if (o->mode == LOAD_CLOSE) {
		conn_shut(c);
		c->since = -1;
		if (!l->draining)
			conn_start(l, c);
	} else if (!l->draining && !l->greeting) {
		conn_go_on(l, c, now);
	}
}

static void stream_input(struct load *l, struct load_conn *c, size_t n)
{
	if (c->answered + n > c->sent || !conn_is(l, c, c->answered, n))
		conn_fail(l, c, LOAD_WRONG, 0);
	else
		conn_answered(l, c, c->answered + n);
}

/* One of the last messages, sent twice because its first reply came late. */
static bool is_stale(const struct load *l, const struct load_conn *c, size_t n)
{
	for (uint64_t back = 1; back <= STALE_MAX && back * n <= c->answered; back++)
		if (conn_is(l, c, c->answered - back * n, n))
			return true;
	return false;
}

static void datagram_input(struct load *l, struct load_conn *c, size_t n)
{
	size_t size = l->options->size;
	bool waiting = c->sent > c->answered;

	if (waiting && n == size && conn_is(l, c, c->answered, n))
		conn_answered(l, c, c->answered + n);
	else if (n == size && l->result->errors.count[LOAD_LOST] && is_stale(l, c, n))
		return;
	else if (waiting && n < size && conn_is(l, c, c->answered, n))
		conn_fail(l, c, LOAD_TRUNCATED, 0);
	else
		conn_fail(l, c, LOAD_WRONG, 0);
}

static void conn_receive(struct load *l, struct load_conn *c)
{
	bool stream = l->target.type == SOCK_STREAM;
	ssize_t n = recv(c->fd, l->in, LOAD_BUFFER, 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0)
		conn_fail_errno(l, c, errno);
	else if (!stream)
		datagram_input(l, c, (size_t)n);
	else if (n)
		stream_input(l, c, (size_t)n);
	else
		conn_fail(l, c, c->answered % l->options->size ? LOAD_TRUNCATED : LOAD_CLOSED, 0);
}

void conn_ready(struct load *l, struct load_conn *c, uint32_t events)
{
	if (c->fd >= 0 && events & EPOLLOUT)
		conn_push(l, c);
	if (c->fd >= 0 && events & (EPOLLIN | EPOLLERR | EPOLLHUP))
		conn_receive(l, c);
}

static void resend(struct load *l, struct load_conn *c, int64_t now)
{
	l->result->errors.count[LOAD_LOST]++;
	c->sent = c->answered;
	c->sent_at = now;
	conn_push(l, c);
}

void conn_tick(struct load *l, struct load_conn *c, int64_t now)
{
	bool waiting = c->fd >= 0 ? c->begun > c->answered : c->since >= 0;

	if (waiting && (double)(now - c->since) > l->options->timeout * 1e9)
		conn_fail(l, c, LOAD_TIMEOUT, ETIMEDOUT);
	else if (c->fd < 0 && now >= c->retry_at)
		conn_start(l, c);
	else if (c->fd >= 0 && l->target.type == SOCK_DGRAM && c->sent > c->answered &&
		 now - c->sent_at > RESEND_NS)
		resend(l, c, now);
}
