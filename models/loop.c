/* SPDX-License-Identifier: MIT */
#include "models/loop.h"

#include "core/instance.h"
#include "core/log.h"
#include "core/news.h"
#include "models/helpers.h"
#include "models/overflow.h"
#include "models/task.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define CONTAINER(pointer, type, member) \
	((type *)(void *)((char *)(pointer)-offsetof(type, member)))

/* ---- Events ---- */

static void conn_ready(struct loop *l, struct modus_conn *c, short events)
{
	struct modus_conn *root;
	struct task *t;

	if (c->state == CONN_FREE)
		return; /* it was closed since */
	c->ready |= (uint16_t)events;
	root = conn_root(c);
	if (task_queued(root))
		return; /* it looks when it has its turn */
	t = root->waiter;
	if (t && t->waiting)
		task_resume(l, t);
	else if (!t && root == c && task_parked(c) && (events & ~POLLOUT))
		task_start(l, c);
}

static void take_news(struct loop *l)
{
	uint64_t topics = atomic_exchange(&l->worker.slot->pending, 0);
	struct modus_conn *c, *next;

	for (c = topics ? l->table.live : NULL; c; c = next) {
		next = c->next;
		if (news_poke(c, topics) && task_parked(c))
			task_start(l, c);
	}
}

static void finish_jobs(struct loop *l)
{
	struct job *j, *next;

	pthread_mutex_lock(&l->done_lock);
	j = l->done;
	l->done = NULL;
	pthread_mutex_unlock(&l->done_lock);
	for (; j; j = next) {
		next = j->next;
		j->done = true;
		if (j->task->waiting)
			task_resume(l, j->task);
	}
}

/* Idle connections close once they were looked at, waiting tasks see the new phase. */
static void act_on_phase(struct loop *l)
{
	enum phase phase = service_phase(l->worker.service);
	struct modus_conn *c, *next;

	if (phase == l->seen)
		return;
	if (l->seen == PHASE_SERVING) {
		loop_unwatch_listeners(l);
		l->resume_at = DEADLINE_NEVER;
	}
	l->seen = phase;
	for (c = l->table.live; c; c = next) {
		next = c->next;
		if (!task_parked(c) || !conn_has_cause(c))
			continue;
		c->ready |= POLLIN; /* its event may not have been taken yet */
		task_start(l, c);
	}
	for (size_t i = 0; i < l->task_count; i++)
		if (l->tasks[i].waiting)
			task_resume(l, &l->tasks[i]);
}

static void on_wake(struct loop *l)
{
	eventfd_t ignored;

	eventfd_read(l->wake_fd, &ignored);
	take_news(l);
	finish_jobs(l);
	act_on_phase(l);
}

void loop_ready(struct loop *l, uintptr_t about, short events)
{
	struct task *t;

	switch (about & ABOUT_MASK) {
	case ABOUT_CONN:
		conn_ready(l, (struct modus_conn *)about, events);
		break;
	case ABOUT_TASK:
		t = (struct task *)(about & ~(uintptr_t)ABOUT_MASK);
		if (t->waiting)
			task_resume(l, t);
		break;
	case ABOUT_LISTENER:
		loop_take_clients(l, &l->worker.service->listeners->all[about >> 3]);
		break;
	case ABOUT_WAKE:
		on_wake(l);
		break;
	}
}

/* ---- Foreign descriptors ---- */

int loop_watch(struct loop *l, int fd, short events)
{
	uintptr_t about = (uintptr_t)l->running | ABOUT_TASK;
	int rc = l->poller->add(l, fd, events, POLLER_EVENTS, about), copy;

	if (rc != -EEXIST)
		return rc ? rc : fd;
	copy = dup(fd); /* another task waits for it too */
	if (copy < 0)
		return -errno;
	rc = l->poller->add(l, copy, events, POLLER_EVENTS, about);
	if (rc == 0)
		return copy;
	close(copy);
	return rc;
}

void loop_unwatch(struct loop *l, int watched, int fd)
{
	l->poller->remove(l, watched);
	if (watched != fd)
		close(watched);
}

/* ---- Time ---- */

static void run_tick(void *arg)
{
	struct loop *l = arg;
	int ms = ticker_turn(&l->worker);

	l->ticking = false;
	l->tick_at = ms < 0 ? DEADLINE_NEVER : loop_now(l) + ms;
}

static void start_tick(struct loop *l)
{
	l->tick_at = DEADLINE_NEVER;
	if (!l->ticking) {
		l->ticking = true;
		if (loop_spawn(l, run_tick, l))
			return;
		l->ticking = false;
	}
	l->tick_at = l->worker.now + 10;
}

static void expire(struct loop *l)
{
	struct deadline *d;
	struct modus_conn *c;
	struct task *t;

	while ((d = deadlines_pop(&l->timers, l->worker.now))) {
		switch (d->kind) {
		case TIMER_CONN:
			c = CONTAINER(d, struct modus_conn, timer);
			if (!task_parked(c))
				break;
			atomic_fetch_or(&c->poked, CONN_POKE_EXPIRED);
			task_start(l, c);
			break;
		case TIMER_TASK:
			t = CONTAINER(d, struct task, timer);
			t->expired = true;
			if (t->waiting)
				task_resume(l, t);
			break;
		}
	}
}

/* ---- The loop ---- */

static int64_t sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

int64_t loop_next(const struct loop *l)
{
	int64_t next = sooner(deadlines_next(&l->timers), sooner(l->resume_at, l->tick_at));

	return l->starved && l->task_count < l->task_max ? sooner(next, l->fibers_at) : next;
}

static int time_to_wait(struct loop *l)
{
	int64_t next = loop_next(l), now;

	if (l->ready || (l->starved && task_any(l)))
		return 0;
	if (next == DEADLINE_NEVER)
		return -1;
	now = loop_now(l);
	return next > now ? (int)(next - now < INT32_MAX ? next - now : INT32_MAX) : 0;
}

int loop_begin(struct loop *l)
{
	if (l->ticks)
		l->tick_at = l->worker.now;
	return loop_watch_listeners(l);
}

void loop_turn(struct loop *l)
{
	l->poller->wait(l, time_to_wait(l));
	task_run_ready(l);
	task_feed(l);
	expire(l);
	if (l->worker.now >= l->resume_at)
		loop_watch_listeners(l);
	if (l->worker.now >= l->tick_at)
		start_tick(l);
}

void loop_run(struct loop *l)
{
	struct overflow overflow;

	if (overflow_watch(&overflow, &l->fibers))
		modus_log(MODUS_WARNING,
			  "no memory: a stack overflow will not be told from other crashes");
	while (l->seen == PHASE_SERVING || l->table.count > 0)
		loop_turn(l);
	overflow_unwatch(&overflow);
}

void loop_wake(struct loop *l)
{
	eventfd_write(l->wake_fd, 1);
}

int loop_open(struct loop *l, struct modus_service *s, const struct loop_options *o)
{
	int rc;

	*l = (struct loop) { .poller = o->poller,
			     .poller_data = o->poller_data,
			     .helpers = o->helpers,
			     .task_max = o->fibers,
			     .ticks = o->ticks,
			     .accept_batch = o->accept_batch,
			     .wake_fd = -1,
			     .resume_at = DEADLINE_NEVER,
			     .tick_at = DEADLINE_NEVER };
	worker_init(&l->worker, s, o->index, o->io);
	conn_table_init(&l->table, s->handler->plugin->session_size);
	l->table.alone = true;
	l->worker.table = &l->table;
	l->worker.now = loop_now(l);
	l->ready_end = &l->ready;
	pthread_mutex_init(&l->done_lock, NULL);
	rc = fiber_pool_open(&l->fibers, o->fibers, o->stack);
	if (rc)
		goto fail;
	l->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	l->tasks = calloc(l->task_max, sizeof(*l->tasks));
	if (l->wake_fd < 0 || !l->tasks)
		rc = l->tasks ? -errno : -ENOMEM;
	else
		rc = l->poller->add(l, l->wake_fd, POLLIN, POLLER_EVENTS, ABOUT_WAKE);
	if (rc == 0)
		return 0;
fail:
	loop_close(l);
	return rc;
}

void loop_close(struct loop *l)
{
	for (size_t i = 0; l->tasks && i < l->task_count; i++)
		fiber_return(&l->fibers, l->tasks[i].fiber);
	fiber_pool_close(&l->fibers);
	deadlines_finish(&l->timers);
	worker_finish(&l->worker);
	conn_table_finish(&l->table);
	pthread_mutex_destroy(&l->done_lock);
	if (l->wake_fd >= 0)
		close(l->wake_fd);
	free(l->tasks);
}
