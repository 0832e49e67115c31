/* SPDX-License-Identifier: MIT */
/*
 * epoll: fibers on N event loops.
 *
 * who accepts           each loop, a few clients at a time
 * who runs the handler  a fiber on the loop that accepted
 * what isolates clients nothing: a handler that computes stops the others of its loop
 * backpressure          the limit of connections, then the listen queue
 * stop                  parked clients are closed, running requests have the grace
 * cost per connection   an entry in the epoll; no stack and no buffer while it is idle
 * cost per wait         one fiber's stack
 * choose when           connections are many, and handlers wait more than they compute
 *
 * Edge-triggered: what came is noted once and asked for until there is no more (models/loop.h).
 */
#include "core/clock.h"
#include "core/instance.h"
#include "core/log.h"
#include "core/news.h"
#include "models/blocking.h"
#include "models/evented.h"
#include "models/helpers.h"
#include "models/loop.h"
#include "models/models.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { EVENTS = 512, BATCH_ALONE = 64, BATCH_SHARED = 8, LOOP_STACK = 256 * 1024 };

struct epoll_settings {
	int64_t loops, max_fibers, stack, helpers, helper_wait;
};

static const struct modus_setting epoll_rows[] = {
	MODUS_INT(struct epoll_settings, loops, "loops", 1, 1, 256, "threads", "Event loops."),
	MODUS_INT(struct epoll_settings, max_fibers, "max_fibers", 10000, 1, 100000, "fibers",
		  "Requests of one loop that may wait at the same time; further ones wait their "
		  "turn."),
	MODUS_BYTES(struct epoll_settings, stack, "stack", 64 << 10, 16 << 10, 8 << 20,
		    "Stack of each fiber."),
	MODUS_INT(struct epoll_settings, helpers, "helpers", 4, 1, 1024, "threads",
		  "Threads for the blocking work of handlers."),
	MODUS_TIME(struct epoll_settings, helper_wait, "helper_wait", 15000, 1, 86400000,
		   "How long blocking work may wait for a thread."),
	MODUS_END
};

struct epoll_loop {
	struct loop loop;
	int ep;
	pthread_t thread;
};

struct epoll_state {
	struct epoll_loop *loops;
	unsigned opened;
	struct helpers helpers;
};

static const struct epoll_settings *epoll_set(const struct modus_service *s)
{
	return service_settings(s);
}

/* ---- The poller: a loop's poller_data is its epoll_loop ---- */

static int epoll_fd(const struct loop *l)
{
	return ((const struct epoll_loop *)l->poller_data)->ep;
}

static int epoll_add(struct loop *l, int fd, short events, enum poller_watch how, uintptr_t about)
{
	struct epoll_event e = { .events = (uint32_t)events, .data.u64 = about };

	if (how == POLLER_CHANGES)
		e.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
	else if (how == POLLER_SHARED)
		e.events |= EPOLLEXCLUSIVE;
	return epoll_ctl(epoll_fd(l), EPOLL_CTL_ADD, fd, &e) ? -errno : 0;
}

static void epoll_remove(struct loop *l, int fd)
{
	epoll_ctl(epoll_fd(l), EPOLL_CTL_DEL, fd, NULL);
}

static void epoll_report(struct loop *l, int ms)
{
	struct epoll_event events[EVENTS];
	int n = epoll_wait(epoll_fd(l), events, EVENTS, ms);

	l->worker.now = clock_ms();
	for (int i = 0; i < n; i++) /* POLLIN and EPOLLIN are the same bits, and so on */
		loop_ready(l, (uintptr_t)events[i].data.u64, (short)events[i].events);
}

static const struct poller epoll_poller = {
	.add = epoll_add,
	.remove = epoll_remove,
	.wait = epoll_report,
};

/* ---- Loops ---- */

static int open_loop(struct modus_service *s, unsigned index)
{
	struct epoll_state *state = s->model_state;
	struct epoll_loop *e = &state->loops[index];
	const struct epoll_settings *set = epoll_set(s);
	size_t wish = s->handler->plugin->stack_size, stack = (size_t)set->stack;
	struct loop_options o = {
		.poller = &epoll_poller,
		.poller_data = e,
		.io = &evented_io,
		.helpers = &state->helpers,
		.index = index,
		.fibers = (size_t)set->max_fibers,
		.stack = stack < wish ? wish : stack,
		.accept_batch = set->loops == 1 ? BATCH_ALONE : BATCH_SHARED,
		.ticks = index == 0,
	};

	int rc;

	e->ep = epoll_create1(EPOLL_CLOEXEC);
	if (e->ep < 0)
		return -errno;
	rc = loop_open(&e->loop, s, &o);
	if (rc)
		close(e->ep);
	return rc;
}

static void *loop_main(void *arg)
{
	struct epoll_loop *e = arg;

	worker_begin(&e->loop.worker, "loop");
	loop_begin(&e->loop); /* what cannot be watched yet is tried again */
	loop_run(&e->loop);
	return NULL;
}

static void wake(void *arg, size_t slot)
{
	struct modus_service *s = arg;
	struct epoll_state *state = s->model_state;

	if (slot < (size_t)epoll_set(s)->loops)
		loop_wake(&state->loops[slot].loop);
}

static void epoll_news(struct modus_service *s, uint64_t topics)
{
	news_spread(s->board, topics, wake, s);
}

static void epoll_phase(struct modus_service *s)
{
	for (size_t i = 0; i < (size_t)epoll_set(s)->loops; i++)
		wake(s, i);
}

/* ---- The model ---- */

static size_t epoll_workers(const void *settings)
{
	const struct epoll_settings *set = settings;

	return (size_t)(set->loops + set->helpers);
}

static void epoll_close(struct modus_service *s)
{
	struct epoll_state *state = s->model_state;

	for (size_t i = 0; i < state->opened; i++) {
		loop_close(&state->loops[i].loop);
		close(state->loops[i].ep);
	}
	free(state->loops);
}

static int epoll_open(struct modus_service *s)
{
	struct epoll_state *state = s->model_state;
	const struct epoll_settings *set = epoll_set(s);
	int rc = 0;

	state->helpers = (struct helpers) { .service = s,
					    .count = set->helpers,
					    .first_index = (unsigned)set->loops,
					    .wait_ms = (int)set->helper_wait };
	state->loops = calloc((size_t)set->loops, sizeof(*state->loops));
	if (!state->loops)
		return -ENOMEM;
	for (; rc == 0 && state->opened < set->loops; state->opened += rc == 0)
		rc = open_loop(s, state->opened);
	if (rc == -ERANGE)
		modus_log(MODUS_ERROR,
			  "max_fibers = %lld needs more mappings than the kernel "
			  "allows: lower it or raise vm.max_map_count",
			  (long long)set->max_fibers);
	if (rc)
		epoll_close(s);
	return rc;
}

/* The first loop runs here, the others on threads of their own. */
static int epoll_serve(struct modus_service *s)
{
	struct epoll_state *state = s->model_state;
	int64_t n = epoll_set(s)->loops, started = 1;
	int rc = helpers_start(&state->helpers);

	for (; rc == 0 && started < n; started += rc == 0)
		rc = worker_thread(s, &state->loops[started].thread, LOOP_STACK, loop_main,
				   &state->loops[started]);
	worker_begin(&state->loops[0].loop.worker, NULL);
	rc = rc ? rc : loop_begin(&state->loops[0].loop);
	service_begun(s, rc);
	loop_run(&state->loops[0].loop);
	for (int64_t i = 1; i < started; i++)
		pthread_join(state->loops[i].thread, NULL);
	helpers_stop(&state->helpers);
	return rc;
}

const struct modus_model model_epoll = {
	.name = "epoll",
	.summary = "fibers on N event loops",
	.capabilities = MODUS_CONCURRENT | MODUS_EVENTED,
	.settings = epoll_rows,
	.settings_size = sizeof(struct epoll_settings),
	.state_size = sizeof(struct epoll_state),
	.workers = epoll_workers,
	.open = epoll_open,
	.close = epoll_close,
	.serve = epoll_serve,
	.io = &evented_io,
	.task_io = &blocking_io,
	.news = epoll_news,
	.phase = epoll_phase,
};
