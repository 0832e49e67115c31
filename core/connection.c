/* SPDX-License-Identifier: MIT */
/*
 * The life of a connection, the same under every model:
 *
 *   state       what conn_step() does                                  then
 *   NEW         verify(), setup()                                      OPEN, or FINISHING
 *   OPEN        handle() while there is cause, else idles:             parked (stays OPEN),
 *               receives, or lets the strategy park it                 or FINISHING
 *   FINISHING   sends what is gathered, finish(), lingers if input     FREE
 *               is unread, closes
 *
 * An end is a negative errno, or MODUS_CLOSE where all was well.
 */
#include "core/connection.h"

#include "core/clock.h"
#include "core/fatal.h"
#include "core/host.h"
#include "core/input.h"
#include "core/instance.h"
#include "core/log.h"
#include "core/output.h"
#include "core/service.h"

#include <errno.h>

enum { TURNS = 32 }; /* requests in a row before others have theirs */

/* What serve() and those below it return beside an end. */
enum { GO_ON = 0, PARK = 2, YIELD = 3 };

/* ---- Callbacks ---- */

int conn_enter(struct modus_conn *c, const char *call)
{
	int rc;

	if (conn_root(c)->flags & CONN_IN_WORK)
		fatal_bug(
			"%s: %s() was called by work that modus_block() runs: it may only log and "
			"publish",
			conn_service(c)->handler->plugin->name, call);
	if (c->kind == CONN_TASK)
		return -ENOTCONN;
	if (c->state == CONN_FINISHING)
		return -ESHUTDOWN;
	rc = conn_called(c, call);
	return rc ? rc : conn_lend(c);
}

static int call(struct modus_conn *c, int (*callback)(struct modus_conn *))
{
	int rc = callback(c);

	if (c->lease)
		lease_free_all(c->lease);
	c->instance = conn_service(c)->handler;
	return rc;
}

/* Whether it is a failure of the connection itself, which has been counted as such. */
static bool is_counted(const struct modus_conn *c, int rc)
{
	return rc == c->in_error || rc == c->out_error || rc == -ECANCELED;
}

static int open_up(struct modus_conn *c)
{
	const struct plan_timeouts *t = &conn_service(c)->plan->timeouts;
	const struct modus_plugin *p = c->instance->plugin;
	int rc = host_verify(conn_service(c)->host, c);

	if (rc == 0 && p->verify)
		rc = p->verify(c);
	c->idle_ms = (int)t->idle;
	c->request_left_ms = (int)t->request;
	c->write_ms = (int)t->write;
	if (rc < 0) {
		count(c->worker, COUNT_refused);
		modus_log(MODUS_INFO, "refused by verify(): %s", errno_name(rc));
		return rc;
	}
	c->state = CONN_OPEN;
	rc = p->setup ? call(c, p->setup) : 0;
	if (rc < 0) {
		if (!is_counted(c, rc))
			count(c->worker, COUNT_setup_failed);
		modus_log(MODUS_INFO, "refused by setup(): %s", errno_name(rc));
		host_failed(conn_service(c)->host, c, rc);
		return rc;
	}
	c->flags |= CONN_SET_UP;
	if (c->in_len) /* that setup() left */
		c->flags |= CONN_AGAIN;
	return GO_ON;
}

static int handle_failed(struct modus_conn *c, int rc)
{
	if (rc > 0) {
		modus_log(MODUS_ERROR, "handle() returned %d: want 0, 1 or a negative errno", rc);
		rc = -EPROTO;
	}
	host_failed(conn_service(c)->host, c, rc);
	if (is_counted(c, rc)) {
		modus_log(MODUS_DEBUG, "closed: %s", errno_name(rc));
		return rc;
	}
	count(c->worker, COUNT_handler_error);
	modus_log(MODUS_WARNING, "handle() failed: %s", errno_name(rc));
	return rc;
}

static int handle(struct modus_conn *c, unsigned events)
{
	int rc;

	c->events = (uint8_t)events;
	c->flags &= (uint16_t) ~(CONN_CONSUMED | CONN_AGAIN);
	c->flags |= CONN_SPOKEN;
	counter_add(c->worker->slot, COUNT_requests, 1);
	rc = call(c, c->instance->plugin->handle);
	if (rc == MODUS_CLOSE)
		return rc;
	if (rc != MODUS_KEEP)
		return handle_failed(c, rc);
	if (c->flags & CONN_CONSUMED) {
		c->request_left_ms = (int)conn_service(c)->plan->timeouts.request;
		if (c->in_len)
			c->flags |= CONN_AGAIN;
	}
	return GO_ON;
}

/* ---- Between two calls ---- */

static int expired(struct modus_conn *c)
{
	count(c->worker, c->in_len ? COUNT_request_timeout : COUNT_idle_timeout);
	modus_log(MODUS_DEBUG, "closed: nothing came in time");
	return c->in_error = -ETIMEDOUT;
}

/* The input has ended, or cannot grow, while handle() wants more than there is. */
static int ended(struct modus_conn *c, int error)
{
	if (c->in_len == 0 || c->kind == CONN_DATAGRAM)
		return MODUS_CLOSE;
	return c->in_error = conn_count_failure(c, error);
}

static int park(struct modus_conn *c, int ms)
{
	int64_t now = c->worker->now ? c->worker->now : c->worker->io->now(c->worker);

	c->due = ms < 0 ? DEADLINE_NEVER : now + ms;
	return PARK;
}

bool conn_starts_at_once(const struct modus_conn *c)
{
	const struct modus_plugin *p = c->instance->plugin;
	const struct host *h = conn_service(c)->host;

	return p->verify || p->setup || (p->flags & MODUS_SPEAKS_FIRST) || (h && h->verify_request);
}

bool conn_must_end(const struct modus_conn *c)
{
	enum phase phase = service_phase(conn_service(c));

	return phase >= PHASE_CANCELED || (phase == PHASE_DRAINING && c->in_len == 0);
}

bool conn_has_cause(struct modus_conn *c)
{
	return atomic_load(&c->poked) || conn_must_end(c);
}

/* Waits for input as the strategy does: handle() is due (GO_ON), PARK, or an end. */
static int idle(struct modus_conn *c)
{
	bool midway = c->in_len > 0;
	int ms = midway ? c->request_left_ms : c->idle_ms;
	int64_t start = midway ? c->worker->io->now(c->worker) : 0;
	ssize_t n = input_idle(c, ms);

	if (midway && c->request_left_ms >= 0)
		c->request_left_ms =
			clock_left(c->request_left_ms, start, c->worker->io->now(c->worker));
	if (n > 0)
		return handle(c, MODUS_INPUT);
	if (n == 0)
		return ended(c, -EBADMSG);
	if (n == -ETIMEDOUT)
		return expired(c);
	if (n == -EAGAIN)
		return conn_has_cause(c) ? GO_ON : park(c, ms);
	if (n == -ENOBUFS)
		return ended(c, -EMSGSIZE);
	return (int)n;
}

static bool speaks_now(const struct modus_conn *c)
{
	return (c->instance->plugin->flags & MODUS_SPEAKS_FIRST) && !(c->flags & CONN_SPOKEN);
}

/* Others set it at any time, but seldom: to look costs less than to take. */
static unsigned take_pokes(struct modus_conn *c)
{
	return atomic_load(&c->poked) ? atomic_exchange(&c->poked, 0) : 0;
}

/* What the peer had sent as the drain began is a request like another; once, for some go on. */
static int last_look(struct modus_conn *c)
{
	if (c->kind != CONN_STREAM || (c->flags & CONN_LAST_LOOK))
		return MODUS_CLOSE;
	c->flags |= CONN_LAST_LOOK;
	return input_try(c) > 0 ? handle(c, MODUS_INPUT) : MODUS_CLOSE;
}

/* One turn: calls handle() if there is cause, else idles. */
static int turn(struct modus_conn *c)
{
	unsigned poked = take_pokes(c);
	unsigned news = poked & CONN_POKE_NEWS ? MODUS_NEWS : 0;
	enum phase phase = service_phase(conn_service(c));
	int rc;

	if (c->in_error)
		return c->in_error; /* there is nothing more to call handle() for */
	if (speaks_now(c))
		return handle(c, news | (c->in_len ? MODUS_INPUT : 0));
	if ((c->flags & CONN_AGAIN) || (c->kind == CONN_DATAGRAM && !(c->flags & CONN_SPOKEN)))
		return handle(c, news | MODUS_INPUT);
	if (news)
		return handle(c, news);
	if (poked & CONN_POKE_EXPIRED)
		return expired(c);
	if (c->flags & CONN_END)
		return ended(c, -EBADMSG);
	rc = output_end_all(c);
	if (rc < 0)
		return rc;
	if (phase != PHASE_SERVING && c->in_len == 0)
		return phase == PHASE_DRAINING ? last_look(c) : MODUS_CLOSE;
	if (phase >= PHASE_CANCELED)
		return c->in_error = conn_count_failure(c, -ECANCELED);
	return idle(c);
}

static int left_until(int64_t due, int64_t now)
{
	return due > now ? (int)(due - now) : 0;
}

/* A request that was half received when its connection parked has had that much less time; one that
 * is new has none yet. */
static void resume(struct modus_conn *c)
{
	if (c->kind == CONN_DATAGRAM)
		return;
	if (c->in_len && c->request_left_ms >= 0 && c->due)
		c->request_left_ms = left_until(c->due, c->worker->io->now(c->worker));
	c->due = 0;
}

static int serve(struct modus_conn *c)
{
	int rc = GO_ON;

	resume(c);
	if (c->state == CONN_NEW)
		rc = open_up(c);
	for (int turns = 0; rc == GO_ON; turns++) {
		if (turns == TURNS) {
			output_end_all(c);
			return YIELD;
		}
		rc = turn(c);
	}
	return rc;
}

enum conn_next conn_step(struct modus_conn *c)
{
	struct modus_conn *before = log_about(c);
	int rc = conn_lend(c);

	rc = rc ? conn_count_failure(c, rc) : serve(c);
	if (rc == PARK || rc == YIELD) {
		if (rc == PARK)
			conn_unlend_family(c);
		log_about(before);
		return rc == PARK ? CONN_STEP_PARKED : CONN_STEP_YIELDED;
	}
	conn_finish(c, rc);
	log_about(before);
	conn_release(c);
	return CONN_STEP_CLOSED;
}

void conn_run(struct modus_conn *c)
{
	while (conn_step(c) != CONN_STEP_CLOSED)
		continue;
}
