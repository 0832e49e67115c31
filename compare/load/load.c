/* SPDX-License-Identifier: MIT */
#include "compare/load/load.h"

#include "compare/load/exchange.h"
#include "compare/load/script.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
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
	return clock_ns() - l->away;
}

static double cpu_seconds(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void load_free(struct load *l)
{
	for (unsigned i = 0; l->conns && i < l->options->connections; i++)
		conn_shut(&l->conns[i]);
	if (l->epoll >= 0)
		close(l->epoll);
	if (l->conns)
		l->exchange->end(l);
	free(l->conns);
	free(l->in);
	free(l->out);
}

static int load_init(struct load *l)
{
	const struct load_options *o = l->options;
	struct epoll_event e = { .events = EPOLLIN };

	l->conns = calloc(o->connections, sizeof(*l->conns));
	for (unsigned i = 0; l->conns && i < o->connections; i++)
		l->conns[i] = (struct load_conn) { .fd = -1, .id = i, .since = -1 };
	l->in = malloc(LOAD_BUFFER);
	l->out = malloc(LOAD_BUFFER);
	if (!l->conns || !l->in || !l->out || l->exchange->init(l))
		return -ENOMEM;
	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (l->epoll < 0)
		return -errno;
	if (o->stop_fd >= 0 && epoll_ctl(l->epoll, EPOLL_CTL_ADD, o->stop_fd, &e))
		return -errno;
	return 0;
}

/* Waits at most ms and serves what happened. */
static void load_turn(struct load *l, int ms)
{
	struct epoll_event events[EVENTS];
	int n = epoll_wait(l->epoll, events, EVENTS, ms);

	for (int i = 0; i < n; i++) {
		if (events[i].data.ptr)
			conn_ready(l, events[i].data.ptr, events[i].events);
		else
			l->result->stopped = true;
	}
}

static void load_tick(struct load *l, int64_t now)
{
	for (unsigned i = 0; i < l->options->connections; i++)
		conn_tick(l, &l->conns[i], now);
}

static void load_for(struct load *l, double seconds)
{
	int64_t now = load_now(l), end = now + (int64_t)(seconds * 1e9);

	while (now < end && !l->result->stopped) {
		int64_t left = end - now < l->tick_ns ? end - now : l->tick_ns;

		load_turn(l, (int)((left + MS - 1) / MS));
		now = load_now(l);
		if (now - l->ticked_at >= l->tick_ns) {
			l->ticked_at = now;
			load_tick(l, now);
		}
	}
}

static void load_watch(struct load *l, enum load_moment moment)
{
	int64_t start = clock_ns();

	if (l->options->watch)
		l->options->watch(l->options->arg, moment);
	l->away += clock_ns() - start;
}

/* Opens the connections, in small groups so that the first ones are not kept waiting. */
static void load_open(struct load *l)
{
	for (unsigned i = 0; i < l->options->connections && !l->result->stopped; i++) {
		conn_start(l, &l->conns[i]);
		if (i % OPEN_AT_ONCE == OPEN_AT_ONCE - 1)
			load_turn(l, 0);
	}
}

/* Whether there is one whose script has been begun by the server, and is not at its first request's
 * end.  Where that failed once, it is not waited for again. */
static bool any_begins(const struct load *l)
{
	for (unsigned i = 0; l->options->script && i < l->options->connections; i++) {
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
	while (!l->result->stopped && l->greeted < l->options->connections && load_now(l) < end &&
	       (load_now(l) - l->greeting_at < HUSH_NS || any_begins(l)))
		load_for(l, 0.002);
	l->greeting = false;
	for (unsigned i = 0; i < l->options->connections; i++)
		conn_resume(l, &l->conns[i]);
}

static void load_warm(struct load *l)
{
	load_watch(l, LOAD_START);
	l->greeting = l->options->mode == LOAD_KEEP;
	load_open(l);
	if (l->greeting)
		load_greet(l);
	load_for(l, l->options->warmup);
}

static void load_measure(struct load *l)
{
	struct load_result *r = l->result;
	double cpu;
	int64_t start;

	load_watch(l, LOAD_BEGIN);
	cpu = cpu_seconds();
	start = load_now(l);
	l->measuring = true;
	load_for(l, l->options->duration);
	l->measuring = false;
	r->seconds = (double)(load_now(l) - start) / 1e9;
	r->client_cpu = cpu_seconds() - cpu;
	load_watch(l, LOAD_END);
}

static bool owed(const struct load *l)
{
	for (unsigned i = 0; i < l->options->connections; i++) {
		const struct load_conn *c = &l->conns[i];

		if (c->served && c->fd >= 0 && l->exchange->owed(l, c))
			return true;
	}
	return false;
}

/* Lets the replies under way come in, so that the server sees orderly ends and is quiet afterwards.
 * Connections that were never served have nothing to hope for. */
static void load_drain(struct load *l)
{
	int64_t end = load_now(l) + DRAIN_NS;

	l->draining = true;
	while (load_now(l) < end && owed(l))
		load_turn(l, 1);
	for (unsigned i = 0; i < l->options->connections; i++)
		conn_shut(&l->conns[i]);
	if (!l->result->stopped)
		load_watch(l, LOAD_OVER);
}

int load_run(const struct load_options *o, struct load_result *r, char *why, size_t size)
{
	struct load l = {
		.options = o,
		.exchange = exchange_of(o),
		.result = r,
		.epoll = -1,
		.tick_ns = (o->script && o->script->pauses ? PAUSE_TICK_MS : TICK_MS) * MS,
	};
	int err = load_check(o, &l.target, why, size);

	memset(r, 0, sizeof(*r));
	r->asked = o->connections;
	if (err)
		return err;
	err = load_init(&l);
	if (err) {
		snprintf(why, size, "cannot prepare %u connections: %s", o->connections,
			 strerror(-err));
	} else {
		load_warm(&l);
		if (!r->stopped)
			load_measure(&l);
		load_drain(&l);
		for (unsigned i = 0; i < o->connections; i++)
			r->served += l.conns[i].served;
	}
	load_free(&l);
	return err;
}
