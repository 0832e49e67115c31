/* SPDX-License-Identifier: MIT */
/* The service action: tick() of each instance, every tick_ms, never overlapping itself. */
#include "core/clock.h"
#include "core/host.h"
#include "core/instance.h"
#include "core/log.h"
#include "core/service.h"

#include <errno.h>
#include <poll.h>

enum { DEFAULT_TICK_MS = 1000 };

static int period(const struct instance *i)
{
	return i->plugin->tick_ms > 0 ? i->plugin->tick_ms : DEFAULT_TICK_MS;
}

static void run_one(struct instance *i, struct modus_worker *w)
{
	struct modus_conn *task = conn_task_begin(w);

	if (!task)
		return;
	task->instance = i;
	i->plugin->tick(task);
	conn_task_end(task);
}

static int turn_all(struct instance *i, struct modus_worker *w)
{
	int ms = MODUS_FOREVER;

	if (i->plugin->tick) {
		int64_t now = w->io->now(w);

		if (i->tick_due == 0)
			i->tick_due = now + period(i);
		if (now >= i->tick_due) {
			run_one(i, w);
			now = w->io->now(w);
			i->tick_due = now + period(i);
		}
		ms = (int)(i->tick_due - now);
		ms = ms > 0 ? ms : 0;
	}
	for (struct instance *h = i->hosted; h; h = h->next)
		ms = clock_sooner(ms, turn_all(h, w));
	return ms;
}

int ticker_turn(struct modus_worker *w)
{
	int ms;

	if (service_phase(w->service) != PHASE_SERVING)
		return MODUS_FOREVER;
	ms = turn_all(w->service->handler, w);
	return clock_sooner(ms, host_act(w->service->host, w));
}

static bool has_tick(const struct instance *i)
{
	if (i->plugin->tick)
		return true;
	for (const struct instance *h = i->hosted; h; h = h->next)
		if (has_tick(h))
			return true;
	return false;
}

static void *ticker_main(void *arg)
{
	struct ticker *t = arg;
	struct pollfd drain = { t->service->drain_fd, POLLIN, 0 };
	struct modus_worker w;

	worker_init(&w, t->service, t->index, t->service->model->task_io);
	worker_begin(&w, "ticker");
	while (!drain.revents) {
		int ms = ticker_turn(&w);

		poll(&drain, 1, ms);
	}
	worker_finish(&w);
	return NULL;
}

int ticker_start(struct ticker *t, struct modus_service *s, unsigned index)
{
	int rc;

	*t = (struct ticker) { .service = s, .index = index };
	if (!has_tick(s->handler) && !(s->host && s->host->service_actions))
		return 0;
	rc = worker_spawn(s, &t->thread, NULL, ticker_main, t);
	t->running = rc == 0;
	return rc;
}

void ticker_join(struct ticker *t)
{
	if (t->running)
		pthread_join(t->thread, NULL);
}
