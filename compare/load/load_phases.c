/* SPDX-License-Identifier: MIT */
/* The phases of a run, as each of its threads goes through them. */
#include "compare/load/exchange.h"
#include "compare/load/idle.h"
#include "compare/load/script.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 256, TICK_MS = 10, PAUSE_TICK_MS = 1, OPEN_AT_ONCE = 64 };
static const int64_t MS = 1000000, DRAIN_NS = 1000000000;
static const int64_t GREET_NS = 2000000000, HUSH_NS = 200000000;
/* A script's beginning may take longer: an account is made, a password hashed. */
static const int64_t ONCE_NS = 10000000000;

static int64_t clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t load_now(const struct load *l)
{
	return clock_ns() - l->crew->away;
}

static double cpu_seconds(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

void load_free(struct load *l)
{
	for (unsigned i = 0; l->conns && i < l->count; i++)
		conn_shut(&l->conns[i]);
	if (l->epoll >= 0)
		close(l->epoll);
	if (l->conns)
		l->exchange->end(l);
	free(l->conns);
	free(l->in);
	free(l->out);
}

/* The thread's share of the connections.  Until it is opened one may not be tried again. */
static int deal_out(struct load *l)
{
	unsigned all = l->options->connections, parts = l->crew->parts;
	unsigned first = (unsigned)((uint64_t)all * l->part / parts);

	l->count = (unsigned)((uint64_t)all * (l->part + 1) / parts) - first;
	l->conns = calloc(l->count, sizeof(*l->conns));
	for (unsigned i = 0; l->conns && i < l->count; i++)
		l->conns[i] = (struct load_conn) {
			.fd = -1, .id = first + i, .since = -1, .retry_at = INT64_MAX
		};
	STAILQ_INIT(&l->idle);
	l->next_source = first;
	return l->conns ? 0 : -ENOMEM;
}

int load_init(struct load *l)
{
	const struct load_options *o = l->options;
	struct epoll_event e = { .events = EPOLLIN };

	l->epoll = -1;
	l->tick_ns = (o->script && o->script->pauses ? PAUSE_TICK_MS : TICK_MS) * MS;
	l->in = malloc(LOAD_BUFFER);
	l->out = malloc(LOAD_BUFFER);
	if (deal_out(l) || !l->in || !l->out || l->exchange->init(l))
		return -ENOMEM;
	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (l->epoll < 0)
		return -errno;
	if (o->stop_fd >= 0 && epoll_ctl(l->epoll, EPOLL_CTL_ADD, o->stop_fd, &e))
		return -errno;
	return 0;
}

/* ---- Meetings of the threads ---- */

/* Waits for the others.  Whether the run was stopped: all are told the same. */
static bool load_meet(struct load *l)
{
	bool stopped;

	pthread_barrier_wait(&l->crew->meeting);
	stopped = l->crew->stopped;
	pthread_barrier_wait(&l->crew->meeting);
	return stopped;
}

static void load_watch(struct load *l, enum load_moment moment)
{
	load_meet(l);
	if (l->part == 0 && l->options->watch) {
		int64_t start = clock_ns();

		l->options->watch(l->options->arg, moment);
		l->crew->away += clock_ns() - start;
	}
	load_meet(l);
}

/* All keep one schedule, from one moment on. */
static void load_pace(struct load *l)
{
	const struct load_options *o = l->options;

	load_meet(l);
	if (l->part == 0)
		l->crew->paced_at = load_now(l);
	load_meet(l);
	l->paced = o->rate > 0;
	if (l->paced)
		pace_begin(&l->pace, o->arrivals, o->rate, l->part, l->crew->parts,
			   l->crew->paced_at);
}

/* ---- Time ---- */

/* Waits at most so long, and serves what happened. */
static void load_turn(struct load *l, int64_t ns)
{
	struct epoll_event events[EVENTS];
	int n = load_wait(l, events, EVENTS, ns);

	l->woken_at = load_now(l);
	for (int i = 0; i < n; i++) {
		if (events[i].data.ptr)
			conn_ready(l, events[i].data.ptr, events[i].events);
		else
			l->crew->stopped = true;
		idle_begin(l);
	}
	idle_begin(l);
}

static void load_tick(struct load *l, int64_t now)
{
	for (unsigned i = 0; i < l->count; i++)
		conn_tick(l, &l->conns[i], now);
}

static void load_until(struct load *l, int64_t end)
{
	int64_t now = load_now(l);

	while (now < end && !l->crew->stopped) {
		int64_t wake = now + l->tick_ns, next = idle_next(l);

		wake = wake < next ? wake : next;
		load_turn(l, (wake < end ? wake : end) - now);
		now = load_now(l);
		if (now - l->ticked_at >= l->tick_ns) {
			l->ticked_at = now;
			load_tick(l, now);
		}
	}
}

static void load_for(struct load *l, double seconds)
{
	load_until(l, load_now(l) + (int64_t)(seconds * 1e9));
}

/* ---- Phases ---- */

static void load_company(struct load *l)
{
	if (l->part == 0 && l->options->company) {
		l->crew->company = company_start(l);
		l->crew->company_failed = !l->crew->company;
		if (l->crew->company_failed)
			l->crew->stopped = true;
	}
	load_meet(l);
}

/* Opens the connections, in small groups so that the first ones are not kept waiting.  Those that
 * are opened by their first request only queue up for it, all of them before it is anybody's turn:
 * who has had one stands behind all who have not. */
static void load_open(struct load *l)
{
	const struct load_options *o = l->options;
	bool later = idle_waits(l) && o->ramp <= 0;
	int64_t start = load_now(l);

	for (unsigned i = 0; i < l->count && !l->crew->stopped; i++) {
		if (o->ramp > 0)
			load_until(l, start + (int64_t)(o->ramp * 1e9 * i / l->count));
		if (later)
			idle_first(l, &l->conns[i]);
		else
			conn_start(l, &l->conns[i]);
		if (!later && i % OPEN_AT_ONCE == OPEN_AT_ONCE - 1)
			load_turn(l, 0);
	}
}

/* Whether there is one whose script has been begun by the server, and is not at its first request's
 * end.  Where that failed once, it is not waited for again. */
static bool any_begins(const struct load *l)
{
	for (unsigned i = 0; l->options->script && i < l->count; i++) {
		const struct load_conn *c = &l->conns[i];

		if (c->heard && !c->greeted && !c->failed)
			return true;
	}
	return false;
}

/* Connections that are to be kept get one reply each, and wait until all have theirs, or no further
 * one comes.  Else the first ones could keep the server's CPU so busy that it hardly gets to accept
 * the others, and chance would decide how many there are in the measured time. */
static void load_greet(struct load *l)
{
	int64_t end = load_now(l) + (l->options->script ? ONCE_NS : GREET_NS);

	l->greeting_at = load_now(l);
	while (!l->crew->stopped && l->greeted < l->count && load_now(l) < end &&
	       (load_now(l) - l->greeting_at < HUSH_NS || any_begins(l)))
		load_for(l, 0.002);
	load_meet(l);
	l->greeting = false;
	for (unsigned i = 0; i < l->count; i++)
		conn_resume(l, &l->conns[i]);
}

static void load_warm(struct load *l)
{
	load_watch(l, LOAD_START);
	load_company(l);
	l->greeting = l->options->mode == LOAD_KEEP;
	load_open(l);
	if (l->greeting)
		load_greet(l);
	load_pace(l);
	load_for(l, l->options->warmup);
}

/* Notes in the result what arrived from the last call to now. */
static void load_account(struct load *l, int64_t now)
{
	struct load_result *r = l->result;
	uint64_t arrived = l->pace.number + pace_due(&l->pace, now);
	uint64_t unanswered = idle_unanswered(l, now);

	r->fallen_behind = (int64_t)(unanswered - r->unanswered);
	r->unanswered = unanswered;
	r->arrived = arrived - l->arrived;
	l->arrived = arrived;
}

static void load_measure(struct load *l)
{
	struct load_result *r = l->result;
	double cpu;
	int64_t start, end;

	load_watch(l, LOAD_BEGIN);
	cpu = cpu_seconds();
	start = load_now(l);
	if (l->paced)
		load_account(l, start);
	l->measuring = true;
	load_for(l, l->options->duration);
	l->measuring = false;
	end = load_now(l);
	if (l->paced)
		load_account(l, end);
	r->seconds = (double)(end - start) / 1e9;
	if (l->part == 0)
		r->client_cpu = cpu_seconds() - cpu;
	load_watch(l, LOAD_END);
}

static bool owed(const struct load *l)
{
	for (unsigned i = 0; i < l->count; i++) {
		const struct load_conn *c = &l->conns[i];

		if (c->served && c->fd >= 0 && l->exchange->owed(l, c))
			return true;
	}
	return false;
}

/* Lets the replies under way come in, so that the server sees orderly ends and is quiet afterwards.
 * What takes longer than the timeout is none; connections that were never served have nothing to
 * hope for. */
static void load_drain(struct load *l)
{
	double timeout = l->options->timeout * 1e9;
	int64_t end = load_now(l) + (timeout < (double)DRAIN_NS ? (int64_t)timeout : DRAIN_NS);

	l->draining = true;
	while (!l->crew->stopped && load_now(l) < end && owed(l))
		load_turn(l, MS);
	for (unsigned i = 0; i < l->count; i++)
		conn_shut(&l->conns[i]);
	load_meet(l);
	if (l->part == 0 && l->crew->company)
		company_stop(l->crew->company, l->crew->company_count);
	if (!load_meet(l))
		load_watch(l, LOAD_OVER);
}

void load_phases(struct load *l)
{
	int slack = prctl(PR_GET_TIMERSLACK);

	prctl(PR_SET_TIMERSLACK, 1); /* the kernel may be 50 us late otherwise */
	load_warm(l);
	if (!load_meet(l))
		load_measure(l);
	load_drain(l);
	prctl(PR_SET_TIMERSLACK, slack);
}
