/* SPDX-License-Identifier: MIT */
#include "models/blocking.h"

#include "core/clock.h"
#include "core/control.h"
#include "core/news.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FEW = 16 };

int64_t blocking_now(struct modus_worker *w)
{
	return clock_ms();
}

static int ppoll_ms(struct pollfd *set, nfds_t n, int ms, const sigset_t *mask)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000L };

	return ppoll(set, n, ms < 0 ? NULL : &t, mask);
}

/*
 * Polls set[0..n), which has room for three more: the service's ends, and the control where nobody
 * else turns it.  Returns what poll() says of the set alone, -EINTR, -EAGAIN when drain was asked
 * for and begins, -ECANCELED.
 */
static int poll_set(struct modus_service *s, struct pollfd *set, unsigned n, int ms, bool drain,
		    const sigset_t *mask)
{
	int rc;

	set[n] = (struct pollfd) { s->cancel_fd, POLLIN, 0 };
	set[n + 1] = (struct pollfd) { drain ? s->drain_fd : -1, POLLIN, 0 };
	set[n + 2] = (struct pollfd) { control_fd(s), POLLIN, 0 };
	rc = ppoll_ms(set, n + 3, ms, mask);
	if (rc < 0)
		return -errno;
	if (set[n].revents)
		return -ECANCELED;
	if (set[n + 2].revents)
		control_turn(s);
	rc -= (set[n + 1].revents != 0) + (set[n + 2].revents != 0);
	return rc == 0 && set[n + 1].revents ? -EAGAIN : rc;
}

/* Waits for events on c's descriptor: 0, -ETIMEDOUT, -ECANCELED. */
static int await(struct modus_conn *c, short events, int ms)
{
	int64_t start = clock_ms();
	struct pollfd set[4] = { { c->fd, events, 0 } };
	int rc;

	do {
		int left = clock_left(ms, start, clock_ms());

		rc = poll_set(conn_service(c), set, 1, left, false, NULL);
		if (rc == 0 && left == 0)
			return -ETIMEDOUT;
	} while (rc == 0 || rc == -EINTR);
	return rc < 0 ? rc : 0;
}

ssize_t blocking_receive(struct modus_conn *c, char **at, size_t room, int ms)
{
	for (;;) {
		ssize_t n = c->transport->receive(c, *at, room, MSG_DONTWAIT);
		int rc;

		if (n != -EAGAIN || ms == 0)
			return n;
		rc = await(c, POLLIN, ms);
		if (rc)
			return rc;
	}
}

/* Waits for room.  Where the system said that there is some and did not take it, for it is short of
 * memory, nothing would tell when it does. */
static int await_room(struct modus_conn *c, bool said, int ms)
{
	int rc;

	if (ms == 0)
		return -ETIMEDOUT;
	if (!said)
		return await(c, POLLOUT, ms);
	rc = await(c, 0, clock_sooner(ms, NAP_MS));
	return rc == -ETIMEDOUT ? 0 : rc;
}

ssize_t blocking_send(struct modus_conn *c, const struct iovec *parts, int n, int ms)
{
	int64_t start = 0;

	for (bool said = false;; said = !said) {
		ssize_t sent = c->transport->send(c, parts, n);
		int rc;

		if (sent != -EAGAIN || ms == 0)
			return sent;
		if (start == 0)
			start = clock_ms();
		rc = await_room(c, said, clock_left(ms, start, clock_ms()));
		if (rc)
			return rc;
	}
}

int blocking_wait(struct modus_conn *c, struct modus_pollfd *want, unsigned n, int ms)
{
	struct pollfd few[FEW + 3], *set = few;
	int rc;

	if (n > FEW)
		set = malloc((n + 3) * sizeof(*set));
	if (!set)
		return -ENOMEM;
	for (unsigned i = 0; i < n; i++)
		set[i] = (struct pollfd) { want[i].fd, want[i].events, 0 };
	rc = poll_set(conn_service(c), set, n, ms, want && !modus_draining(c), NULL);
	for (unsigned i = 0; i < n; i++)
		want[i].revents = set[i].revents;
	if (set != few)
		free(set);
	return rc == -EINTR || rc == -EAGAIN ? 0 : rc;
}

int blocking_block(struct modus_conn *c, int (*work)(void *worker, void *arg), void *arg)
{
	return worker_work(c->worker, c->instance, work, arg);
}

/* ---- Between two requests ---------------------------------------------------------------------*/

/* Whether news came for c: the slot's pending topics are its worker's one connection's. */
static bool take_news(struct modus_conn *c)
{
	uint64_t topics = atomic_exchange(&c->worker->slot->pending, 0);

	return topics && news_poke(c, topics);
}

/* A subscriber waits for its peer, for news (the signal is let in for this wait only) and for the
 * drain. */
static ssize_t idle_by_poll(struct modus_conn *c, char **at, size_t room, int ms)
{
	bool midway = c->in_len > 0;
	struct pollfd set[4];
	int64_t start = clock_ms();
	sigset_t mask;

	pthread_sigmask(SIG_BLOCK, NULL, &mask);
	sigdelset(&mask, control_news_signal());
	for (;;) {
		int left = clock_left(ms, start, clock_ms()), rc;
		ssize_t n;

		if (take_news(c) || (!midway && modus_draining(c)))
			return -EAGAIN;
		n = c->transport->receive(c, *at, room, MSG_DONTWAIT);
		if (n != -EAGAIN)
			return n;
		if (left == 0)
			return -ETIMEDOUT;
		set[0] = (struct pollfd) { c->fd, POLLIN, 0 };
		rc = poll_set(conn_service(c), set, 1, left, !midway, &mask);
		if (rc < 0 && rc != -EINTR)
			return rc;
	}
}

static ssize_t idle_by_receive(struct modus_conn *c, char **at, size_t room)
{
	ssize_t n;

	atomic_store(&c->parked, CONN_IDLE);
	if (modus_draining(c))
		n = -EAGAIN;
	else
		n = c->transport->receive(c, *at, room, 0);
	atomic_store(&c->parked, CONN_RUNNING);
	return n;
}

static ssize_t blocking_idle(struct modus_conn *c, char **at, size_t room, int ms)
{
	ssize_t n;

	if (c->in_len || c->news || !c->listener->inherits ||
	    ms != (int)conn_service(c)->plan->timeouts.idle)
		return idle_by_poll(c, at, room, ms);
	n = idle_by_receive(c, at, room);
	return n == -EAGAIN && !modus_draining(c) ? -ETIMEDOUT : n;
}

static void wake(void *arg, size_t slot)
{
	struct slot *s = &((struct scoreboard *)arg)->slot[slot];
	int pid = s->pid, tid = s->tid;

	if (pid && tid)
		syscall(SYS_tgkill, pid, tid, control_news_signal());
}

void blocking_news(struct modus_service *s, uint64_t topics)
{
	news_spread(s->board, topics, wake, s->board);
}

void blocking_phase(struct modus_service *s)
{
	conn_table_interrupt(&s->table, false);
}

const struct modus_io blocking_io = {
	.now = blocking_now,
	.receive = blocking_receive,
	.idle = blocking_idle,
	.send = blocking_send,
	.wait = blocking_wait,
	.block = blocking_block,
};
