/* SPDX-License-Identifier: MIT */
#include "compare/load/idle.h"

bool idle_waits(const struct load *l)
{
	return (l->options->rate > 0 || l->options->think > 0) && !l->greeting;
}

static void add(struct load *l, struct load_conn *c, int64_t turn)
{
	c->idle = true;
	c->since = -1;
	c->turn = turn;
	STAILQ_INSERT_TAIL(&l->idle, c, next);
}

/* Free since its reply could be read, not since it was: the engine's own delay is not the
 * server's. */
void idle_add(struct load *l, struct load_conn *c)
{
	add(l, c, l->woken_at + (int64_t)(l->options->think * 1e9));
}

void idle_first(struct load *l, struct load_conn *c)
{
	double share = (double)c->id / l->options->connections;

	add(l, c, load_now(l) + (int64_t)(l->options->think * 1e9 * share));
}

int64_t idle_next(const struct load *l)
{
	const struct load_conn *c = STAILQ_FIRST(&l->idle);

	if (!c)
		return INT64_MAX;
	if (l->options->rate > 0)
		return l->paced ? l->pace.at : INT64_MAX;
	return c->turn;
}

/* How late the engine is counts only where a connection was free in time. */
static int64_t take_arrival(struct load *l, const struct load_conn *c, int64_t now)
{
	int64_t due = l->pace.at;

	if (l->measuring && c->turn <= due)
		histogram_add(&l->result->lag, (uint64_t)(now - due));
	pace_advance(&l->pace);
	return due;
}

static void begin_one(struct load *l, struct load_conn *c, int64_t now)
{
	STAILQ_REMOVE_HEAD(&l->idle, next);
	c->idle = false;
	c->since = now;
	c->due = l->options->rate > 0 ? take_arrival(l, c, now) : now;
	if (c->fd < 0)
		conn_start(l, c);
	else
		conn_begin(l, c, c->due);
}

void idle_begin(struct load *l)
{
	while (!STAILQ_EMPTY(&l->idle) && !l->draining) {
		int64_t now = load_now(l);

		if (idle_next(l) > now)
			return;
		begin_one(l, STAILQ_FIRST(&l->idle), now);
	}
}

uint64_t idle_unanswered(const struct load *l, int64_t until)
{
	uint64_t n = pace_due(&l->pace, until);

	for (unsigned i = 0; i < l->count; i++)
		n += l->conns[i].since >= 0 && l->conns[i].due >= l->pace.start;
	return n;
}
