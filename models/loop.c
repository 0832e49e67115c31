/* SPDX-License-Identifier: MIT */
#include "models/loop.h"

#include "core/instance.h"
#include "core/log.h"
#include "core/news.h"
#include "models/helpers.h"
#include "models/overflow.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { SHARE = 64 }; /* input and output calls in a row */
enum { TIMER_CONN, TIMER_TASK, TIMER_PAUSE, TIMER_TICK };
enum { ABOUT_CONN, ABOUT_TASK, ABOUT_LISTENER, ABOUT_WAKE, ABOUT_MASK = 7 };

static void start(struct loop *l, struct modus_conn *c);

#define CONTAINER(pointer, type, member) \
	((type *)(void *)((char *)(pointer)-offsetof(type, member)))

/* ---- Tasks ---- */

static struct task *take_task(struct loop *l)
{
	struct task *t = l->spare;

	if (t) {
		l->spare = t->next;
	} else if (l->task_count < l->task_max) {
		t = &l->tasks[l->task_count];
		t->fiber = fiber_take(&l->fibers);
		if (!t->fiber)
			return NULL;
		t->loop = l;
		t->timer.kind = TIMER_TASK;
		l->task_count++;
	} else {
		return NULL;
	}
	t->ops = 0;
	return t;
}

static void end_task(struct loop *l, struct task *t)
{
	deadlines_cancel(&l->timers, &t->timer);
	t->conn = NULL;
	t->next = l->spare;
	l->spare = t;
}

static void after(struct loop *l, struct task *t, bool done)
{
	l->running = NULL;
	log_about(NULL);
	if (done)
		end_task(l, t);
}

static void resume(struct loop *l, struct task *t)
{
	t->waiting = false;
	l->running = t;
	log_about(t->conn);
	after(l, t, fiber_resume(&l->fibers, t->fiber));
}

static void go_on_later(struct loop *l, struct task *t)
{
	t->next = NULL;
	*l->ready_end = t;
	l->ready_end = &t->next;
}

int loop_suspend(struct loop *l, int ms)
{
	struct task *t = l->running;

	t->expired = false;
	t->ops = 0;
	deadlines_set(&l->timers, &t->timer, ms < 0 ? DEADLINE_NEVER : loop_now(l) + ms);
	t->waiting = true;
	fiber_suspend(&l->fibers);
	deadlines_set(&l->timers, &t->timer, DEADLINE_NEVER);
	return t->expired ? -ETIMEDOUT : 0;
}

int loop_wait(struct loop *l, int ms)
{
	struct modus_service *s = l->worker.service;
	int rc;

	if (service_phase(s) >= PHASE_CANCELED)
		return -ECANCELED;
	rc = loop_suspend(l, ms);
	return service_phase(s) >= PHASE_CANCELED ? -ECANCELED : rc;
}

void loop_yield(struct loop *l)
{
	struct task *t = l->running;

	t->ops = 0;
	go_on_later(l, t);
	fiber_suspend(&l->fibers);
}

void loop_share(struct loop *l)
{
	if (++l->running->ops > SHARE)
		loop_yield(l);
}

/* ---- Connections ---- */

static void park(struct loop *l, struct modus_conn *c)
{
	c->waiter = NULL;
	c->timer.kind = TIMER_CONN;
	atomic_store_explicit(&c->parked, c->in_len ? CONN_PARKED_MIDWAY : CONN_PARKED_IDLE,
			      memory_order_relaxed);
	if (deadlines_set(&l->timers, &c->timer, c->due))
		shutdown(c->fd, SHUT_RDWR); /* no memory for its deadline: it cannot stay */
}

/* On a fiber. */
static void serve(void *arg)
{
	struct task *t = arg;
	struct modus_conn *c = t->conn;
	struct loop *l = t->loop;

	for (;;) {
		switch (conn_step(c)) {
		case CONN_MORE:
			loop_yield(l);
			continue;
		case CONN_PARKED:
			park(l, c);
			return;
		case CONN_CLOSED:
			return;
		}
	}
}

static void starve(struct loop *l, struct modus_conn *c)
{
	if (l->starved_count == l->starved_room) {
		size_t room = l->starved_room ? 2 * l->starved_room : 64;
		void *more = realloc(l->starved, room * sizeof(*l->starved));

		if (!more)
			return; /* its deadline will find it */
		l->starved = more;
		l->starved_room = room;
	}
	l->starved[l->starved_count++] = c;
}

static bool is_parked(const struct modus_conn *c)
{
	return atomic_load_explicit(&c->parked, memory_order_relaxed) != CONN_RUNNING;
}

static void start(struct loop *l, struct modus_conn *c)
{
	struct task *t = take_task(l);

	if (!t) {
		starve(l, c);
		return;
	}
	atomic_store_explicit(&c->parked, CONN_RUNNING, memory_order_relaxed);
	t->conn = c;
	c->waiter = t;
	l->running = t;
	after(l, t, fiber_start(&l->fibers, t->fiber, serve, t));
}

static void feed_starved(struct loop *l)
{
	size_t n = l->starved_count;

	for (size_t i = 0; i < n && (l->spare || l->task_count < l->task_max); i++) {
		struct modus_conn *c = l->starved[i];

		l->starved[i] = NULL;
		if (is_parked(c))
			start(l, c);
	}
	n = 0;
	for (size_t i = 0; i < l->starved_count; i++)
		if (l->starved[i])
			l->starved[n++] = l->starved[i];
	l->starved_count = n;
}

/* ---- Accept ---- */

static void watch_listeners(struct loop *l)
{
	struct listeners *all = l->worker.service->listeners;

	for (size_t i = 0; i < all->count; i++)
		l->poller->add(l, all->all[i].fd, POLLIN, false, i << 3 | ABOUT_LISTENER);
}

static void unwatch_listeners(struct loop *l)
{
	struct listeners *all = l->worker.service->listeners;

	for (size_t i = 0; i < all->count; i++)
		l->poller->remove(l, all->all[i].fd);
}

int loop_add(struct loop *l, struct modus_conn *c)
{
	return l->poller->add(l, c->fd, 0, true, (uintptr_t)c | ABOUT_CONN);
}

/* A new stream is stepped at once only if its handler may have something to say. */
void loop_admit(struct loop *l, struct modus_conn *c)
{
	const struct modus_plugin *p = l->worker.service->handler->plugin;

	if (c->kind == CONN_STREAM && loop_add(l, c)) {
		conn_forget(c);
		atomic_fetch_sub(&l->worker.service->active, 1);
		return;
	}
	if (c->kind == CONN_DATAGRAM || p->setup || (p->flags & MODUS_SPEAKS_FIRST)) {
		start(l, c);
		return;
	}
	c->due = l->worker.now + l->worker.service->plan->timeouts.idle;
	park(l, c);
}

static void take_clients(struct loop *l, struct modus_listener *from)
{
	for (unsigned i = 0; i < l->accept_batch && l->seen == PHASE_SERVING; i++) {
		struct modus_conn *c;
		int rc = listener_take(from, &l->worker, &c);

		if (rc == 0) {
			loop_admit(l, c);
			continue;
		}
		if (rc == -EBUSY) {
			unwatch_listeners(l);
			deadlines_set(&l->timers, &l->pause, l->worker.now + LISTENER_PAUSE_MS);
		} else if (rc != -EAGAIN) {
			modus_log(MODUS_ERROR, "a listener failed: %s", strerror(-rc));
		}
		return;
	}
}

/* ---- Events ---- */

static void conn_ready(struct loop *l, struct modus_conn *c, short events)
{
	struct modus_conn *root;
	struct task *t;

	if (c->state == CONN_FREE)
		return; /* it was closed since */
	c->ready |= (uint16_t)events;
	root = conn_root(c);
	t = root->waiter;
	if (t && t->waiting)
		resume(l, t);
	else if (!t && root == c && is_parked(c))
		start(l, c);
}

static void take_news(struct loop *l)
{
	uint64_t topics = atomic_exchange(&l->worker.slot->pending, 0);
	struct modus_conn *c, *next;

	for (c = topics ? l->table.live : NULL; c; c = next) {
		next = c->next;
		if (news_poke(c, topics) && is_parked(c))
			start(l, c);
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
			resume(l, j->task);
	}
}

/* Idle connections close, waiting tasks see the new phase. */
static void act_on_phase(struct loop *l)
{
	enum phase phase = service_phase(l->worker.service);
	struct modus_conn *c, *next;

	if (phase == l->seen)
		return;
	if (l->seen == PHASE_SERVING) {
		unwatch_listeners(l);
		deadlines_cancel(&l->timers, &l->pause);
	}
	l->seen = phase;
	for (c = l->table.live; c; c = next) {
		next = c->next;
		if (is_parked(c) && conn_has_cause(c))
			start(l, c);
	}
	for (size_t i = 0; i < l->task_count; i++)
		if (l->tasks[i].waiting)
			resume(l, &l->tasks[i]);
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
			resume(l, t);
		break;
	case ABOUT_LISTENER:
		take_clients(l, &l->worker.service->listeners->all[about >> 3]);
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
	int rc = l->poller->add(l, fd, events, false, about), copy;

	if (rc != -EEXIST)
		return rc ? rc : fd;
	copy = dup(fd); /* another task waits for it too */
	if (copy < 0)
		return -errno;
	rc = l->poller->add(l, copy, events, false, about);
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
	deadlines_set(&l->timers, &l->tick, ms < 0 ? DEADLINE_NEVER : loop_now(l) + ms);
}

bool loop_spawn(struct loop *l, fiber_main *main, void *arg)
{
	struct task *t = take_task(l);

	if (!t)
		return false;
	l->running = t;
	after(l, t, fiber_start(&l->fibers, t->fiber, main, arg));
	return true;
}

static void start_tick(struct loop *l)
{
	if (!l->ticking) {
		l->ticking = true;
		if (loop_spawn(l, run_tick, l))
			return;
		l->ticking = false;
	}
	deadlines_set(&l->timers, &l->tick, l->worker.now + 10);
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
			if (!is_parked(c))
				break;
			atomic_fetch_or(&c->poked, CONN_POKE_EXPIRED);
			start(l, c);
			break;
		case TIMER_TASK:
			t = CONTAINER(d, struct task, timer);
			t->expired = true;
			if (t->waiting)
				resume(l, t);
			break;
		case TIMER_PAUSE:
			watch_listeners(l);
			break;
		case TIMER_TICK:
			start_tick(l);
			break;
		}
	}
}

/* ---- The loop ---- */

static void run_ready(struct loop *l)
{
	struct task *t = l->ready, *next;

	l->ready = NULL;
	l->ready_end = &l->ready;
	for (; t; t = next) {
		next = t->next;
		resume(l, t);
	}
}

static int time_to_wait(struct loop *l)
{
	int64_t next = deadlines_next(&l->timers), now;

	if (l->ready || (l->starved_count && (l->spare || l->task_count < l->task_max)))
		return 0;
	if (next == DEADLINE_NEVER)
		return -1;
	now = loop_now(l);
	return next > now ? (int)(next - now < INT32_MAX ? next - now : INT32_MAX) : 0;
}

void loop_begin(struct loop *l)
{
	watch_listeners(l);
	if (l->ticks)
		start_tick(l);
}

void loop_turn(struct loop *l)
{
	l->poller->wait(l, time_to_wait(l));
	run_ready(l);
	feed_starved(l);
	expire(l);
}

void loop_run(struct loop *l)
{
	struct overflow overflow;

	if (overflow_watch(&overflow, &l->fibers))
		modus_log(MODUS_WARNING,
			  "no memory: a stack overflow will not be told from other crashes");
	loop_begin(l);
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
			     .pause.kind = TIMER_PAUSE,
			     .tick.kind = TIMER_TICK };
	worker_init(&l->worker, s, o->index, o->io);
	conn_table_init(&l->table, s->handler->plugin->session_size);
	l->worker.table = &l->table;
	l->worker.now = loop_now(l);
	l->ready_end = &l->ready;
	pthread_mutex_init(&l->done_lock, NULL);
	rc = fiber_pool_open(&l->fibers, o->fibers, o->stack);
	if (rc)
		return rc;
	l->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	l->tasks = calloc(l->task_max, sizeof(*l->tasks));
	if (l->wake_fd < 0 || !l->tasks)
		return l->tasks ? -errno : -ENOMEM;
	return l->poller->add(l, l->wake_fd, POLLIN, false, ABOUT_WAKE);
}

void loop_close(struct loop *l)
{
	for (size_t i = 0; i < l->task_count; i++)
		fiber_return(&l->fibers, l->tasks[i].fiber);
	fiber_pool_close(&l->fibers);
	deadlines_finish(&l->timers);
	worker_finish(&l->worker);
	conn_table_finish(&l->table);
	pthread_mutex_destroy(&l->done_lock);
	close(l->wake_fd);
	free(l->tasks);
	free(l->starved);
}
