/* SPDX-License-Identifier: MIT */
#include "compare/load/load_conn.h"

#include "compare/load/exchange.h"
#include "compare/load/idle.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static const int64_t PAUSE_NS = 10000000;

void conn_shut(struct load_conn *c)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	c->state = CONN_PAUSED;
}

static void conn_pause(struct load_conn *c, int64_t now)
{
	conn_shut(c);
	c->retry_at = now + PAUSE_NS;
}

void conn_fail(struct load *l, struct load_conn *c, enum load_error kind, int err)
{
	if (!l->draining || kind == LOAD_WRONG || kind == LOAD_STATUS) {
		l->result->errors.count[kind]++;
		l->result->errors.number[kind] = err;
	}
	conn_pause(c, load_now(l));
	c->since = -1;
	c->failed |= c->heard;
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

/* Sends what there is, as far as there is room: 0, -EAGAIN, or a negative errno. */
static int conn_send(struct load *l, struct load_conn *c)
{
	const void *bytes;
	size_t n;

	while ((n = l->exchange->output(l, c, &bytes))) {
		ssize_t sent = send(c->fd, bytes, n, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			return -errno;
		l->exchange->sent(c, (size_t)sent);
		c->state = CONN_OPEN;
	}
	return 0;
}

void conn_push(struct load *l, struct load_conn *c)
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
		c->since = c->due = now;
	if (err == -EAGAIN && l->target.any.sa_family == AF_UNIX) {
		conn_pause(c, now);
		return;
	}
	c->state = CONN_CONNECTING;
	c->heard = false;
	c->before = c->done;
	if (err) {
		conn_fail_errno(l, c, -err);
		return;
	}
	l->exchange->open(l, c);
	l->exchange->begin(l, c, c->due);
	err = conn_send(l, c);
	if (err && err != -EAGAIN)
		conn_fail_errno(l, c, -err);
	else
		conn_watch(l, c, EPOLL_CTL_ADD, err == -EAGAIN);
}

void conn_begin(struct load *l, struct load_conn *c, int64_t since)
{
	l->exchange->begin(l, c, since);
	conn_push(l, c);
}

/* Goes on with the next requests, if it is time for them. */
void conn_go_on(struct load *l, struct load_conn *c, int64_t now)
{
	if (l->draining || (l->greeting && c->greeted))
		return;
	if (idle_waits(l))
		idle_add(l, c);
	else if (c->fd < 0)
		conn_start(l, c);
	else
		conn_begin(l, c, now);
}

void conn_resume(struct load *l, struct load_conn *c)
{
	if (c->fd < 0 || l->exchange->owed(l, c))
		return;
	if (idle_waits(l)) {
		idle_first(l, c);
		return;
	}
	c->since = load_now(l);
	conn_go_on(l, c, c->since);
}

void conn_done(struct load *l, struct load_conn *c, int64_t start, int64_t now)
{
	l->result->answered++;
	c->done++;
	c->since = now;
	if (!c->greeted) {
		c->greeted = true;
		l->greeted++;
		l->greeting_at = now;
	}
	if (l->measuring) {
		histogram_add(&l->result->latency, (uint64_t)(now - start));
		l->result->requests++;
		c->served++;
	}
}

/* Whether it has had as many requests as one connection may, or the server says so. */
static bool conn_is_spent(const struct load *l, const struct load_conn *c)
{
	unsigned most = l->options->mode == LOAD_CLOSE ? 1 : l->options->per_connection;

	return (most && c->done - c->before >= most) || (l->exchange->over && l->exchange->over(c));
}

/* After a reply: the next request, on this connection or another. */
static void conn_next(struct load *l, struct load_conn *c, int64_t now)
{
	if (conn_is_spent(l, c)) {
		conn_shut(c);
		c->since = -1;
		c->retry_at = now; /* where the greeting forbids to go on now */
	}
	conn_go_on(l, c, now);
}

static void conn_input(struct load *l, struct load_conn *c, size_t n)
{
	uint64_t before = c->done;
	int64_t now = load_now(l);

	c->heard = true;
	c->state = CONN_OPEN;
	l->exchange->input(l, c, n, now);
	if (c->fd >= 0 && !c->idle && (c->done != before || !l->exchange->owed(l, c)))
		conn_next(l, c, now);
}

static void conn_end(struct load *l, struct load_conn *c)
{
	int64_t now = load_now(l);

	if (!l->exchange->ended || !l->exchange->ended(l, c, now))
		conn_fail(l, c, l->exchange->midway(l, c) ? LOAD_TRUNCATED : LOAD_CLOSED, 0);
	else if (c->fd >= 0)
		conn_next(l, c, now);
}

static void conn_receive(struct load *l, struct load_conn *c)
{
	bool stream = l->target.type == SOCK_STREAM;
	ssize_t n = recv(c->fd, l->in, LOAD_BUFFER, 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0)
		conn_fail_errno(l, c, errno);
	else if (n || !stream)
		conn_input(l, c, (size_t)n);
	else if (c->idle)
		conn_shut(c); /* which the server may, and it owed nothing */
	else
		conn_end(l, c);
}

void conn_ready(struct load *l, struct load_conn *c, uint32_t events)
{
	if (c->fd >= 0 && events & EPOLLOUT)
		conn_push(l, c);
	if (c->fd >= 0 && events & (EPOLLIN | EPOLLERR | EPOLLHUP))
		conn_receive(l, c);
}

/* One that still waits for a connection goes on with that; else its request has failed. */
static void conn_retry(struct load *l, struct load_conn *c, int64_t now)
{
	if (c->since >= 0 || l->greeting)
		conn_start(l, c);
	else
		conn_go_on(l, c, now);
}

void conn_tick(struct load *l, struct load_conn *c, int64_t now)
{
	bool waiting = c->fd >= 0 ? l->exchange->owed(l, c) : c->since >= 0;

	if (waiting && (double)(now - c->since) > l->options->timeout * 1e9)
		conn_fail(l, c, LOAD_TIMEOUT, ETIMEDOUT);
	else if (c->fd < 0 && !c->idle && now >= c->retry_at)
		conn_retry(l, c, now);
	else if (c->fd >= 0 && l->exchange->tick)
		l->exchange->tick(l, c, now);
}
