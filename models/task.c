/* SPDX-License-Identifier: MIT */
#include "models/task.h"

#include "core/log.h"

#include <errno.h>

enum {
	SHARE = 64,       /* input and output calls in a row */
	NO_FIBER_MS = 50, /* until another is asked for, where there was no memory for one */
};

bool task_any(const struct loop *l)
{
	return l->spare || (l->task_count < l->task_max && l->worker.now >= l->fibers_at);
}

static struct task *task_take(struct loop *l)
{
	struct task *t = l->spare;

	if (t) {
		l->spare = t->next;
	} else if (task_any(l)) {
		t = &l->tasks[l->task_count];
		t->fiber = fiber_take(&l->fibers);
		if (!t->fiber) {
			l->fibers_at = l->worker.now + NO_FIBER_MS;
			return NULL;
		}
		t->loop = l;
		t->timer.kind = TIMER_TASK;
		l->task_count++;
	} else {
		return NULL;
	}
	t->ops = 0;
	return t;
}

static void task_end(struct loop *l, struct task *t)
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
		task_end(l, t);
}

void task_resume(struct loop *l, struct task *t)
{
	t->waiting = false;
	l->running = t;
	log_about(t->conn);
	after(l, t, fiber_resume(&l->fibers, t->fiber));
}

static void task_later(struct loop *l, struct task *t)
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
	if (deadlines_set(&l->timers, &t->timer, ms < 0 ? DEADLINE_NEVER : loop_now(l) + ms))
		return -ENOMEM; /* nobody would wake it */
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
	task_later(l, t);
	fiber_suspend(&l->fibers);
}

void loop_share(struct loop *l)
{
	if (++l->running->ops > SHARE)
		loop_yield(l);
}

/* ---- Connections ---- */

/* Without memory for its deadline it cannot stay. */
static void task_lose(struct modus_conn *c)
{
	count(c->worker, COUNT_lost);
	shutdown(c->fd, SHUT_RDWR);
}

void task_park(struct loop *l, struct modus_conn *c)
{
	c->waiter = NULL;
	c->timer.kind = TIMER_CONN;
	atomic_store_explicit(&c->parked, c->in_len ? CONN_MIDWAY : CONN_IDLE,
			      memory_order_relaxed);
	if (deadlines_set(&l->timers, &c->timer, c->due))
		task_lose(c);
}

/* On a fiber. */
static void serve(void *arg)
{
	struct task *t = arg;
	struct modus_conn *c = t->conn;
	struct loop *l = t->loop;

	for (;;) {
		switch (conn_step(c)) {
		case CONN_STEP_YIELDED:
			loop_yield(l);
			continue;
		case CONN_STEP_PARKED:
			task_park(l, c);
			return;
		case CONN_STEP_CLOSED:
			return;
		}
	}
}

static enum conn_parked how(const struct modus_conn *c)
{
	return (enum conn_parked)atomic_load_explicit(&c->parked, memory_order_relaxed);
}

bool task_parked(const struct modus_conn *c)
{
	return how(c) == CONN_IDLE || how(c) == CONN_MIDWAY;
}

bool task_queued(const struct modus_conn *c)
{
	return how(c) == CONN_QUEUED;
}

static void step(struct loop *l, struct task *t, struct modus_conn *c)
{
	atomic_store_explicit(&c->parked, CONN_RUNNING, memory_order_relaxed);
	t->conn = c;
	c->waiter = t;
	l->running = t;
	after(l, t, fiber_start(&l->fibers, t->fiber, serve, t));
}

/* It has no deadline meanwhile.  That takes no memory: where there is none, nobody is forgotten. */
static void starve(struct loop *l, struct modus_conn *c)
{
	if (c->kind == CONN_STREAM)
		deadlines_set(&l->timers, &c->timer, DEADLINE_NEVER);
	atomic_store_explicit(&c->parked, CONN_QUEUED, memory_order_relaxed);
	c->waiter = NULL;
	if (l->starved)
		l->starved_last->waiter = c;
	else
		l->starved = c;
	l->starved_last = c;
}

/* Not before those who wait already: they might never have their turn. */
void task_start(struct loop *l, struct modus_conn *c)
{
	struct task *t = l->starved ? NULL : task_take(l);

	if (t)
		step(l, t, c);
	else
		starve(l, c);
}

void task_feed(struct loop *l)
{
	struct task *t;

	while (l->starved && (t = task_take(l))) {
		struct modus_conn *c = l->starved;

		l->starved = c->waiter;
		step(l, t, c);
	}
}

bool loop_spawn(struct loop *l, fiber_main *main, void *arg)
{
	struct task *t = task_take(l);

	if (!t)
		return false;
	l->running = t;
	after(l, t, fiber_start(&l->fibers, t->fiber, main, arg));
	return true;
}

void task_run_ready(struct loop *l)
{
	struct task *t = l->ready, *next;

	l->ready = NULL;
	l->ready_end = &l->ready;
	for (; t; t = next) {
		next = t->next;
		task_resume(l, t);
	}
}
