/* SPDX-License-Identifier: MIT */
/*
 * A service at work, in its process: what a model is handed.
 *
 *   phase         what happens
 *   SERVING       clients are taken
 *   DRAINING      none are taken, idle ones closed; running requests go on (drain_fd is readable)
 *   CANCELED      the grace is over: every call returns -ECANCELED (cancel_fd is readable)
 *   GIVEN_UP      a second later: the process ends, whatever still runs
 */
#ifndef CORE_SERVICE_H
#define CORE_SERVICE_H

#include "core/admission.h"
#include "core/connection.h"
#include "core/counters.h"
#include "core/listener.h"
#include "core/plan.h"
#include "core/title.h"
#include "core/worker.h"

#include <pthread.h>
#include <signal.h>

struct control;
struct host;

struct modus_service {
	const struct plan_service *plan;
	const struct modus_model *model;
	struct instance *handler;
	unsigned instances; /* how many, hosted ones included */
	void *model_state;
	struct scoreboard *board;
	struct listeners *listeners;
	struct conn_table table; /* all connections, where a model keeps no tables of its own */
	int drain_fd, cancel_fd; /* eventfds that become and stay readable */
	struct control *control;
	struct host *host; /* the application that runs it, or NULL */
	struct admission admission;
	_Atomic int error;           /* of a listener, which ended the service */
	uint64_t ready_listeners;    /* those that may have a client, by their bits; core/next.c */
	size_t turn;                 /* of the listeners: whose it is */
	struct modus_conn *in_child; /* in a process that the model forked: its connection */
	volatile sig_atomic_t told;  /* there: the service process is gone, or drains */
	void (*ready)(void *arg);    /* who is told that it serves, or NULL */
	void *ready_arg;
	char child_title[TITLE_MAX]; /* of the processes that the model forks */
};

/* Carries out the plan in this process with sockets that are open already, until it is told to stop
 * (control.h).  ready() is called when it serves (service_begun()).  Everything is borrowed.  0, or
 * the negative errno of what failed, which has been logged. */
int service_run(const struct plan_service *plan, struct listeners *listeners,
		struct scoreboard *board, void (*ready)(void *arg), void *arg);

/* The parts of that, for a host: begins the plan with start(); serves, as often as is wished; ends
 * it with stop().  s stays where it is, ready may be NULL.  Nothing is logged of what they return.
 */
int service_open(struct modus_service *s, const struct plan_service *plan,
		 struct listeners *listeners, struct scoreboard *board, struct host *host);
int service_serve(struct modus_service *s, void (*ready)(void *arg), void *arg);
void service_again(struct modus_service *s); /* before it serves once more */
void service_close(struct modus_service *s);

/* How many slots the board of such a service needs. */
size_t service_slots(const struct plan_service *plan);

static inline enum phase service_phase(const struct modus_service *s)
{
	enum phase phase = (enum phase)atomic_load(&s->board->phase);

	return phase == PHASE_SERVING && s->told ? PHASE_DRAINING : phase;
}

/* The model says what came of its beginning, once.  0: all that it needs is there, and clients are
 * served from here on.  A negative errno: it cannot serve; the service drains, and was never ready.
 */
void service_begun(struct modus_service *s, int error);

/* A listener is of no use any more: the service drains and ends with this error. */
void service_fail(struct modus_service *s, int error);

static inline const void *service_settings(const struct modus_service *s)
{
	return s->plan->model_settings;
}

/* For models that take clients one by one, on one thread: waits for the next client, runs the
 * service action in between, and turns the control where there is no thread for that.  NULL: the
 * service drains (*error 0), or a listener failed. */
struct modus_conn *service_next(struct modus_service *s, struct modus_worker *w, int *error);

/* Runs the tick() of each instance whose time has come, on w; returns the milliseconds until the
 * next, MODUS_FOREVER: none. */
int ticker_turn(struct modus_worker *w);

/* For models whose threads all serve clients: runs the service action on a thread of its own, as
 * worker index, until the service drains.  Starts none where no plugin has a tick(). */
struct ticker {
	struct modus_service *service;
	pthread_t thread;
	unsigned index;
	bool running;
};
int ticker_start(struct ticker *t, struct modus_service *s, unsigned index);
void ticker_join(struct ticker *t);

#endif
