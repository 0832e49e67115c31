/* SPDX-License-Identifier: MIT */
#include "compare/rounds.h"

#include "compare/judgement.h"

#include <errno.h>
#include <stdlib.h>

/* What a visit takes beside its measured time and warm-up: start, drain, stop, and with a script
 * its beginning; and how long it measures. */
static const double OVERHEAD = 0.2, ONCE = 1, LONGEST = 1.5, SHORTEST = 0.3;

enum { AIM = 6 }; /* rounds to have time for: of fewer, an interval is wide */

static double aside(const struct comparison_options *o)
{
	return o->warmup + OVERHEAD + (o->script ? ONCE : 0);
}

double rounds_duration(const struct comparison *c)
{
	const struct comparison_options *o = &c->options;
	double each = o->budget / (c->count * (o->rounds ? o->rounds : AIM)) - aside(o);

	if (o->duration > 0)
		return o->duration;
	return each > LONGEST ? LONGEST : each < SHORTEST ? SHORTEST : each;
}

int rounds_begin(struct rounds *r, const struct comparison *c, double now)
{
	*r = (struct rounds) { .comparison = c, .begin = now };
	r->chance.state = c->options.seed;
	r->queue = calloc(c->count, sizeof(*r->queue));
	return r->queue ? 0 : -ENOMEM;
}

void rounds_end(struct rounds *r)
{
	free(r->queue);
	r->queue = NULL;
}

/* Seconds of a visit, by those that were; before any, by what is planned. */
static double visit_seconds(const struct rounds *r, double now)
{
	const struct comparison_options *o = &r->comparison->options;

	return r->done ? (now - r->begin) / r->done : o->duration + aside(o);
}

static unsigned living(const struct rounds *r, unsigned load)
{
	unsigned n = r->comparison->options.contestant_count, count = 0;

	for (unsigned i = 0; i < n; i++)
		count += !*r->comparison->cells[load * n + i].failure;
	return count;
}

static bool is_wanted(const struct rounds *r, unsigned load, double now)
{
	const struct comparison *c = r->comparison;
	const struct comparison_options *o = &c->options;
	unsigned rounds = comparison_rounds(c, load);
	double until = now - r->begin + visit_seconds(r, now) * (r->queued + living(r, load));

	if (o->rounds)
		return r->round < o->rounds;
	if (r->round < COMPARISON_ROUNDS_LEAST)
		return true;
	return rounds < STATISTICS_MAX && until <= o->budget && !judgement_is_narrow(c, load);
}

static void queue_load(struct rounds *r, unsigned load)
{
	unsigned n = r->comparison->options.contestant_count, *first = &r->queue[r->queued];

	for (unsigned i = load * n; i < (load + 1) * n; i++)
		if (!*r->comparison->cells[i].failure)
			r->queue[r->queued++] = i;
	chance_shuffle(&r->chance, first, (unsigned)(&r->queue[r->queued] - first));
}

/* Where not all loads fit into what is left, another one has the first place each time. */
static void queue_round(struct rounds *r, double now)
{
	unsigned loads = comparison_loads(r->comparison);

	r->at = r->queued = 0;
	for (unsigned i = 0; i < loads; i++) {
		unsigned load = (r->round + i) % loads;

		if (is_wanted(r, load, now))
			queue_load(r, load);
	}
	r->round++;
}

int rounds_next(struct rounds *r, double now)
{
	r->done += r->under_way;
	r->under_way = false;
	for (;;) {
		if (r->at == r->queued)
			queue_round(r, now);
		if (!r->queued)
			return -1;
		for (; r->at < r->queued; r->at++) {
			unsigned cell = r->queue[r->at];

			if (*r->comparison->cells[cell].failure)
				continue;
			r->at++;
			r->under_way = true;
			return (int)cell;
		}
	}
}

double rounds_left(const struct rounds *r, double now)
{
	const struct comparison *c = r->comparison;
	unsigned least = c->options.rounds ? c->options.rounds : COMPARISON_ROUNDS_LEAST;
	unsigned visits = r->queued - r->at + r->under_way, each = 0;
	double left, budget = c->options.budget - (now - r->begin);

	for (unsigned load = 0; load < comparison_loads(c); load++)
		each += living(r, load);
	if (r->round < least)
		visits += each * (least - r->round);
	left = visits * visit_seconds(r, now);
	return c->options.rounds || left > budget ? left : budget;
}
