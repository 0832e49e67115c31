/* SPDX-License-Identifier: MIT */
#include "models/evented.h"

#include "core/clock.h"
#include "models/helpers.h"
#include "models/loop.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

static int64_t evented_now(struct modus_worker *w)
{
	return clock_ms();
}

static bool has(const struct modus_conn *c, short events)
{
	return c->ready & (uint16_t)events;
}

static void forget(struct modus_conn *c, short events)
{
	c->ready &= (uint16_t)~events;
}

/* A receive that did not fill its room has emptied the socket, unless its end may stand behind. */
static ssize_t try_receive(struct modus_conn *c, char *at, size_t room)
{
	ssize_t n;

	if (!has(c, POLLIN | POLLRDHUP | POLLHUP | POLLERR))
		return -EAGAIN;
	n = c->transport->receive(c, at, room, MSG_DONTWAIT);
	if (n == -EAGAIN)
		forget(c, POLLIN | POLLRDHUP | POLLHUP | POLLERR);
	else if (n > 0 && (size_t)n < room && !has(c, POLLRDHUP | POLLHUP | POLLERR) &&
		 !(c->flags & CONN_MESSAGES))
		forget(c, POLLIN);
	return n;
}

static ssize_t evented_idle(struct modus_conn *c, char **at, size_t room, int ms)
{
	return try_receive(c, *at, room);
}

static ssize_t evented_receive(struct modus_conn *c, char **at, size_t room, int ms)
{
	struct loop *l = loop_of(c);
	int64_t start = 0;

	loop_share(l); /* also in tries: a busy peer's input may never run dry */
	for (;;) {
		ssize_t n = try_receive(c, *at, room);
		int rc;

		if (n != -EAGAIN || ms == 0)
			return n;
		if (start == 0)
			start = loop_now(l);
		rc = loop_wait(l, clock_left(ms, start, loop_now(l)));
		if (rc && (rc != -ETIMEDOUT || clock_left(ms, start, loop_now(l)) == 0))
			return rc;
	}
}

static int evented_wait(struct modus_conn *c, struct modus_pollfd *want, unsigned n, int ms);

/* A listener's datagram socket is watched for the wait only, as a foreign descriptor is.  Where it
 * was said to have room and took nothing, nothing would tell when it does. */
static int wait_to_send(struct modus_conn *c, bool said, int ms)
{
	struct modus_pollfd want = { .fd = c->fd, .events = POLLOUT };
	int rc;

	if (c->kind != CONN_DATAGRAM)
		return loop_wait(loop_of(c), ms);
	if (said)
		return loop_wait(loop_of(c), clock_sooner(ms, NAP_MS));
	rc = evented_wait(c, &want, 1, ms);
	return rc < 0 ? rc : 0;
}

static ssize_t evented_send(struct modus_conn *c, const struct iovec *parts, int n, int ms)
{
	struct loop *l = loop_of(c);
	int64_t start = 0;

	if (ms)
		loop_share(l);
	for (bool said = false;; said = !said) {
		ssize_t sent = c->transport->send(c, parts, n);
		int rc, left;

		if (sent == -EAGAIN && c->kind != CONN_DATAGRAM)
			forget(c, POLLOUT);
		if (sent != -EAGAIN || ms == 0)
			return sent;
		if (start == 0)
			start = loop_now(l);
		left = clock_left(ms, start, loop_now(l));
		if (left == 0)
			return -ETIMEDOUT;
		rc = wait_to_send(c, said, left);
		if (rc && rc != -ETIMEDOUT)
			return rc;
	}
}

/* ---- Waiting for several ---- */

/* POLLIN and POLLOUT stay noted until a call finds nothing; an error is told once. */
static short look_at_conn(struct modus_pollfd *w)
{
	short seen = (short)(w->conn->ready & (w->events | POLLERR | POLLHUP));

	if ((w->events & POLLIN) && has(w->conn, POLLRDHUP))
		seen |= POLLIN;
	forget(w->conn, POLLERR | POLLHUP);
	if (seen & (POLLERR | POLLHUP))
		w->conn->ready |= POLLIN; /* a receive tells what it is */
	return seen;
}

static int look(struct modus_pollfd *want, unsigned n)
{
	int ready = 0;

	for (unsigned i = 0; i < n; i++) {
		struct pollfd foreign = { .fd = want[i].fd, .events = want[i].events };

		want[i].revents = 0;
		if (want[i].fd < 0)
			continue;
		if (want[i].conn)
			want[i].revents = look_at_conn(&want[i]);
		else if (poll(&foreign, 1, 0) > 0)
			want[i].revents = foreign.revents;
		ready += want[i].revents != 0;
	}
	return ready;
}

/* Watches the foreign ones from i on, waits, unwatches: one frame for each. */
static int wait_watching(struct loop *l, struct modus_pollfd *want, unsigned n, int ms)
{
	int watched, rc;

	while (n > 0 && (want->conn || want->fd < 0)) {
		want++;
		n--;
	}
	if (n == 0)
		return loop_wait(l, ms);
	watched = loop_watch(l, want->fd, want->events);
	if (watched < 0 && watched != -EPERM)
		return watched;
	rc = wait_watching(l, want + 1, n - 1, watched == -EPERM ? 0 : ms);
	if (watched >= 0)
		loop_unwatch(l, watched, want->fd);
	return rc;
}

static int evented_wait(struct modus_conn *c, struct modus_pollfd *want, unsigned n, int ms)
{
	int ready = look(want, n), rc;

	if (ready || (ms == 0 && n > 0))
		return ready;
	rc = wait_watching(loop_of(c), want, n, ms);
	if (rc && rc != -ETIMEDOUT)
		return rc;
	return look(want, n);
}

/* ---- Blocking work ---- */

static int evented_block(struct modus_conn *c, int (*work)(void *worker, void *arg), void *arg)
{
	struct loop *l = loop_of(c);
	struct job j = {
		.work = work, .arg = arg, .instance = c->instance, .loop = l, .task = l->running
	};
	int64_t start = loop_now(l);
	int rc = 0;

	helpers_submit(l->helpers, &j);
	while (!j.done && rc == 0)
		rc = loop_wait(l, clock_left(l->helpers->wait_ms, start, loop_now(l)));
	if (!j.done && helpers_withdraw(l->helpers, &j))
		return rc;
	while (!j.done) /* it has begun: waited for, past everything */
		loop_suspend(l, MODUS_FOREVER);
	return j.result;
}

static int evented_opened(struct modus_conn *up)
{
	struct loop *l = loop_of(up);

	conn_root(up)->waiter = l->running;
	return loop_add(l, up);
}

static void evented_closing(struct modus_conn *c)
{
	struct loop *l = loop_of(c);

	deadlines_cancel(&l->timers, &c->timer);
}

const struct modus_io evented_io = {
	.now = evented_now,
	.receive = evented_receive,
	.idle = evented_idle,
	.send = evented_send,
	.wait = evented_wait,
	.block = evented_block,
	.opened = evented_opened,
	.closing = evented_closing,
};
