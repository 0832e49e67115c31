/* SPDX-License-Identifier: MIT */
/*
 * fork: a new process for each connection or datagram.
 *
 * who accepts           the service process, which also receives the datagrams
 * who runs the handler  a child that ends with its connection
 * what isolates clients the process: a crash takes one with it, memory is not shared
 * backpressure          max_children, then the listen queue
 * stop                  children are told; idle ones end, running requests have the grace
 * cost per connection   a fork, an exit and a wait
 * cost per wait         one process sleeps
 * choose when           handlers are not to be trusted, or hold state that must die with the client
 */
#include "core/child.h"
#include "core/control.h"
#include "core/host.h"
#include "core/instance.h"
#include "core/log.h"
#include "models/blocking.h"
#include "models/models.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

struct fork_settings {
	int64_t max_children;
};

static const struct modus_setting fork_rows[] = {
	MODUS_INT(struct fork_settings, max_children, "max_children", 64, 1, 32768, "processes",
		  "Children at once; further clients wait in the listen queue."),
	MODUS_END
};

struct fork_child {
	struct seat seat; /* of its connection */
	uint64_t closed;  /* what its slot had counted when it began */
	int watched;      /* by which its end is learned of, where SIGCHLD is a host's */
	int64_t spare;    /* while its slot is free: the next that is */
};

/* Children stand at their slots of the board.  Each page that is written while a child lives is
 * copied, so what changes with each of them is close together. */
struct fork_state {
	pid_t *pids; /* 0: the slot is free */
	struct fork_child *children;
	int64_t alive, spare; /* who was free last has its slot's pages warm */
};

static int64_t fork_max(const struct modus_service *s)
{
	return ((const struct fork_settings *)service_settings(s))->max_children;
}

static size_t fork_workers(const void *settings)
{
	return (size_t)((const struct fork_settings *)settings)->max_children + 1;
}

static void fork_raise(void *settings, int64_t n)
{
	struct fork_settings *set = settings;

	if (set->max_children < n + 1)
		set->max_children = n + 1;
}

static void child_main(struct modus_service *s, struct modus_conn *c, unsigned slot)
{
	struct fork_state *f = s->model_state;
	struct modus_worker w;

	for (int64_t i = 0; s->host && i < fork_max(s); i++)
		if (f->pids[i] && f->children[i].watched >= 0)
			close(f->children[i].watched);
	child_begin(s, c);
	worker_init(&w, s, slot, &blocking_io);
	worker_begin(&w, NULL);
	w.leases = c->worker->leases;
	c->worker = &w; // cppcheck-suppress autoVariables ; c ends in here
	conn_run(c);
	worker_detach(&w);
}

static void ended(void *arg, size_t slot, bool crashed)
{
	struct modus_service *s = arg;
	struct fork_state *f = s->model_state;
	struct fork_child *child = &f->children[slot];
	struct slot *counts = &s->board->slot[slot];

	if (child->seat.taken && counts->count[COUNT_closed] == child->closed)
		counter_add(counts, COUNT_closed, 1); /* it did not come to that */
	if (crashed)
		counter_add(counts, COUNT_crashed, 1);
	scoreboard_clear(s->board, slot);
	admission_leave(&s->admission, &child->seat);
	child_unwatch(s, child->watched);
	host_lost(s->host);
	child->spare = f->spare;
	f->spare = (int64_t)slot;
	f->alive--;
}

/* A child whose end would not be noticed must not be: its client is lost, as one without a child.
 * One that is gone (-ESRCH) has ended already, and its host took the exit. */
static void watch(struct modus_service *s, unsigned slot)
{
	struct fork_state *f = s->model_state;
	int rc = child_watch(s, f->pids[slot], &f->children[slot].watched);

	if (rc == 0)
		return;
	if (rc != -ESRCH) {
		modus_log(MODUS_ERROR, "fork: %s: a client is lost", strerror(-rc));
		kill(f->pids[slot], SIGKILL);
	}
	while (waitpid(f->pids[slot], NULL, 0) < 0 && errno == EINTR)
		continue;
	f->pids[slot] = 0;
	if (rc != -ESRCH)
		counter_add(&s->board->slot[slot], COUNT_lost, 1);
	ended(s, slot, false);
}

static void serve_in_child(struct modus_service *s, struct modus_conn *c)
{
	struct fork_state *f = s->model_state;
	unsigned slot = (unsigned)f->spare;
	struct fork_child *child = &f->children[slot];
	pid_t pid;

	child->closed = s->board->slot[slot].count[COUNT_closed];
	lease_prepare(&c->worker->leases);
	pid = child_fork(s);
	if (pid == 0) {
		child_main(s, c, slot);
		child_end(0);
	}
	if (pid < 0) {
		modus_log(MODUS_ERROR, "fork: %s: a client is lost", strerror(errno));
		conn_lose(c);
		control_wait(s, LISTENER_PAUSE_MS);
	} else {
		f->pids[slot] = pid;
		child->seat = conn_seat(c);
		f->spare = child->spare;
		f->alive++;
		conn_forget(c);
		watch(s, slot);
	}
}

static void fork_reap(struct modus_service *s)
{
	struct fork_state *f = s->model_state;

	child_reap(f->pids, (size_t)fork_max(s), ended, s);
	if (s->host)
		child_reap_each(f->pids, (size_t)fork_max(s), ended, s);
}

/* Where a host may have taken an exit, a number may be somebody else's by now; a pidfd is not. */
static void tell_children(struct modus_service *s, int number)
{
	struct fork_state *f = s->model_state;

	for (int64_t i = 0; i < fork_max(s); i++) {
		if (f->pids[i] && f->children[i].watched >= 0)
			pidfd_send_signal(f->children[i].watched, number, NULL, 0);
		else if (f->pids[i])
			kill(f->pids[i], number);
	}
}

static void fork_phase(struct modus_service *s)
{
	enum phase phase = service_phase(s);

	if (phase == PHASE_DRAINING || phase == PHASE_GIVEN_UP)
		tell_children(s, phase == PHASE_DRAINING ? SIGTERM : SIGKILL);
}

static int fork_open(struct modus_service *s)
{
	struct fork_state *f = s->model_state;

	f->pids = (pid_t *)(f + 1);
	f->children = (struct fork_child *)(f->pids + (fork_max(s) + 1) / 2 * 2); /* aligned */
	for (int64_t i = 0; i < fork_max(s); i++)
		f->children[i].spare = i + 1;
	return 0;
}

static int fork_serve(struct modus_service *s)
{
	struct fork_state *f = s->model_state;
	struct modus_worker w;
	struct modus_conn *c;
	int error;

	worker_init(&w, s, (unsigned)fork_max(s), &blocking_io);
	worker_begin(&w, NULL);
	service_begun(s, 0);
	while ((c = service_next(s, &w, &error))) {
		worker_detach(&w); /* tick()'s: no child is to have it */
		serve_in_child(s, c);
		do /* children are collected under load too */
			control_wait(s, f->alive == fork_max(s) ? ticker_turn(&w) : 0);
		while (f->alive == fork_max(s));
	}
	if (error)
		control_drain(s);
	while (f->alive > 0)
		control_wait(s, MODUS_FOREVER);
	worker_finish(&w);
	return error;
}

const struct modus_model model_fork = {
	.name = "fork",
	.summary = "a new process for each connection or datagram",
	.capabilities = MODUS_CONCURRENT | MODUS_PROCESSES | MODUS_ISOLATED,
	.settings = fork_rows,
	.settings_size = sizeof(struct fork_settings),
	.state_size = sizeof(struct fork_state),
	.state_each = sizeof(struct fork_child) + sizeof(pid_t),
	.workers = fork_workers,
	.raise = fork_raise,
	.open = fork_open,
	.serve = fork_serve,
	.io = &blocking_io,
	.task_io = &blocking_io,
	.reap = fork_reap,
	.news = blocking_news,
	.phase = fork_phase,
};
