/* SPDX-License-Identifier: MIT */
/*
 * An event loop that runs connections on fibers.
 *
 * A parked connection is an entry in the poller and perhaps in the heap of deadlines.  When it has
 * cause it is given a task, which owns a fiber, for one conn_step(); if that never has to wait, the
 * next connection runs on the same warm stack.  A task that waits keeps its fiber until it is done.
 *
 * What stands ready is one bit each, kept from the poller's edges until a call finds nothing more.
 */
#ifndef MODELS_LOOP_H
#define MODELS_LOOP_H

#include "core/service.h"
#include "models/fiber.h"

struct helpers;
struct loop;

enum poller_watch {
	POLLER_EVENTS,  /* as long as it is ready for the events (POLLIN...) */
	POLLER_CHANGES, /* once for each change of any kind */
	POLLER_SHARED,  /* as the first, but one loop of those that watch it is enough */
};

/* Where readiness comes from, reported by loop_ready(). */
struct poller {
	/* Begins to watch fd; loop_ready() is told about.  0; -EEXIST; -EPERM: it is always ready.
	 */
	int (*add)(struct loop *l, int fd, short events, enum poller_watch how, uintptr_t about);
	void (*remove)(struct loop *l, int fd);
	/* Waits ms, reports. */
	void (*wait)(struct loop *l, int ms);
};

struct task { /* one step of a connection, on a fiber */
	struct loop *loop;
	struct fiber *fiber;
	struct modus_conn *conn; /* NULL: it runs something else, such as the service action */
	struct deadline timer;
	bool waiting;      /* suspended, to be resumed by any event of its connection */
	bool expired;      /* by its timer */
	unsigned ops;      /* since it began or waited */
	struct task *next; /* spare, or ready to go on */
};

struct loop {
	struct modus_worker worker;
	const struct poller *poller;
	void *poller_data;
	struct conn_table table;
	struct deadlines timers;
	struct fiber_pool fibers;
	struct task *tasks, *spare; /* all, by their number; those without a step */
	size_t task_count, task_max;
	int64_t fibers_at;               /* there is no memory for more fibers until then */
	struct task *ready, **ready_end; /* to go on after the others */
	struct modus_conn *starved, *starved_last; /* who wait for a task, each the next's waiter */
	struct task *running;
	struct helpers *helpers;
	struct job *done; /* by helpers; under done_lock */
	pthread_mutex_t done_lock;
	int wake_fd;
	enum phase seen;            /* the phase that was acted upon */
	int64_t resume_at, tick_at; /* accept; the service action.  Outside of the heap, which may
				     * want memory. */
	bool ticks, ticking;
	unsigned accept_batch;
};

struct loop_options {
	const struct poller *poller;
	void *poller_data;
	const struct modus_io *io;
	struct helpers *helpers; /* for modus_block(); borrowed */
	unsigned index;          /* of the worker */
	size_t fibers, stack;
	unsigned accept_batch; /* clients taken at once */
	bool ticks;            /* this loop runs the service action */
};

/* Readies l; the thread that is to run it begins as its worker.  0 or a negative errno. */
int loop_open(struct loop *l, struct modus_service *s, const struct loop_options *o);

/* Begins to take clients.  0, or the negative errno of a listener that cannot be watched, which is
 * tried again. */
int loop_begin(struct loop *l);
void loop_run(struct loop *l); /* until the service has drained */
void loop_close(struct loop *l);

/* For who drives the loop himself, in place of loop_run(): a wait with what follows. */
void loop_turn(struct loop *l);

/* When something is due at the earliest; DEADLINE_NEVER: nothing is. */
int64_t loop_next(const struct loop *l);

/* From other threads: there is news, or work is done. */
void loop_wake(struct loop *l);

/* ---- For pollers ---- */

/* Takes c, which is new, and watches its descriptor. */
void loop_admit(struct loop *l, struct modus_conn *c);

/* Runs main(arg) as a task of its own.  False: all are in use. */
bool loop_spawn(struct loop *l, fiber_main *main, void *arg);

void loop_ready(struct loop *l, uintptr_t about, short events);

/* ---- For strategies, on a fiber ---- */

static inline struct loop *loop_of(const struct modus_conn *c)
{
	return (struct loop *)c->worker; /* its first member */
}

/* The time, of the strategy's clock. */
static inline int64_t loop_now(struct loop *l)
{
	return l->worker.io->now(&l->worker);
}

/* Suspends the running task until something happens (0) or ms have passed (-ETIMEDOUT); -ENOMEM,
 * unless ms is MODUS_FOREVER. */
int loop_suspend(struct loop *l, int ms);
/* The same, but -ECANCELED once the grace is over. */
int loop_wait(struct loop *l, int ms);
/* Watches c's own descriptor for any change.  0 or a negative errno. */
int loop_add(struct loop *l, struct modus_conn *c);
/* Lets others run; the second only if the running task has had its share. */
void loop_yield(struct loop *l);
void loop_share(struct loop *l);
/* Watches fd for the running task; what it returns is to be unwatched (a copy, if another task
 * watches fd already); -EPERM: it is always ready. */
int loop_watch(struct loop *l, int fd, short events);
void loop_unwatch(struct loop *l, int watched, int fd);

#endif
