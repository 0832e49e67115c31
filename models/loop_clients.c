/* SPDX-License-Identifier: MIT */
/* How a loop takes clients. */
#include "models/task.h"

#include <errno.h>
#include <poll.h>

static void pause_accepting(struct loop *l)
{
	l->resume_at = loop_now(l) + LISTENER_PAUSE_MS;
}

int loop_watch_listeners(struct loop *l)
{
	struct listeners *all = l->worker.service->listeners;
	int missed = 0;

	for (size_t i = 0; i < all->count; i++) {
		int rc = l->poller->add(l, all->all[i].fd, POLLIN, POLLER_SHARED,
					i << 3 | ABOUT_LISTENER);

		missed = rc && rc != -EEXIST ? rc : missed;
	}
	l->resume_at = DEADLINE_NEVER;
	if (missed)
		pause_accepting(l);
	return missed;
}

void loop_unwatch_listeners(struct loop *l)
{
	struct listeners *all = l->worker.service->listeners;

	for (size_t i = 0; i < all->count; i++)
		l->poller->remove(l, all->all[i].fd);
}

int loop_add(struct loop *l, struct modus_conn *c)
{
	return l->poller->add(l, c->fd, 0, POLLER_CHANGES, (uintptr_t)c | ABOUT_CONN);
}

/* A new stream is stepped at once only if its handler may have something to say. */
void loop_admit(struct loop *l, struct modus_conn *c)
{
	if (c->kind == CONN_STREAM && loop_add(l, c)) {
		conn_lose(c);
		return;
	}
	if (c->kind == CONN_DATAGRAM || conn_starts_at_once(c)) {
		task_start(l, c);
		return;
	}
	c->due = l->worker.now + l->worker.service->plan->timeouts.idle;
	task_park(l, c);
}

/* Who comes while the service drains is left to the listen queue, before this loop acts on that,
 * too.
 */
void loop_take_clients(struct loop *l, struct modus_listener *from)
{
	struct modus_service *s = l->worker.service;

	for (unsigned i = 0; i < l->accept_batch && service_phase(s) == PHASE_SERVING; i++) {
		struct modus_conn *c;
		bool wait = from->datagram && (l->starved || !task_any(l));
		int rc = wait ? -EBUSY : listener_take(from, &l->worker, &c);

		if (rc == 0) {
			loop_admit(l, c);
			continue;
		}
		if (rc == -EBUSY) {
			loop_unwatch_listeners(l);
			pause_accepting(l);
		} else if (rc != -EAGAIN) {
			loop_unwatch_listeners(l);
			service_fail(s, rc);
		}
		return;
	}
}
