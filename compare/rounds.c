/* SPDX-License-Identifier: MIT */
#include "compare/rounds.h"

#include "compare/judgement.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* What a visit takes beside its measured time and warm-up: start, drain, stop, and with a script
 * its beginning; and how long it measures. */
static const double OVERHEAD = 0.2, ONCE = 1, LONGEST = 1.5, SHORTEST = 0.3;
static const double SHORTEST_OF_ALL = 0.1; /* where there is no time for three rounds else */

enum { AIM = 6 }; /* rounds to have time for: of fewer, an interval is wide */

static double aside(const struct comparison_options *o)
{
	return o->warmup + OVERHEAD + (o->script ? ONCE : 0);
}

double rounds_need(const struct comparison_options *o)
{
	double each = o->duration > 0 ? o->duration : SHORTEST;

	/* The twin is one more. */
	return (each + aside(o)) * (o->contestant_count + 1) * o->connections_count * o->mode_count;
}

double rounds_share(double seconds, const double *needs, unsigned count)
{
	double sum = 0;

	for (unsigned i = 0; i < count; i++)
		sum += needs[i];
	return seconds > 0 && sum > 0 ? seconds * needs[0] / sum : 0;
}

/* Seconds to measure in each visit, so that there are so many rounds within the time. */
static double fitting(const struct comparison *c, double seconds, unsigned rounds)
{
	return seconds / (c->count * rounds) - aside(&c->options);
}

double rounds_duration(const struct comparison *c)
{
	const struct comparison_options *o = &c->options;
	double each = fitting(c, o->budget, o->rounds ? o->rounds : AIM);

	if (o->duration > 0)
		return o->duration;
	if (each >= SHORTEST || o->rounds || o->limit <= 0)
		return fmin(fmax(each, SHORTEST), LONGEST);
	each = fitting(c, o->limit, COMPARISON_ROUNDS_LEAST);
	return fmin(fmax(each, SHORTEST_OF_ALL), SHORTEST);
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

static unsigned load_of(const struct rounds *r, unsigned cell)
{
	return cell / r->comparison->options.contestant_count;
}

/* Seconds of a visit: by those of its load that were, or by all; before any, by what is planned. */
static double visit_seconds(const struct rounds *r, unsigned load, double now)
{
	const struct comparison_options *o = &r->comparison->options;

	if (r->of_load[load].visits)
		return r->of_load[load].seconds / r->of_load[load].visits;
	return r->done ? (now - r->begin) / r->done : o->duration + aside(o);
}

static unsigned living(const struct rounds *r, unsigned load)
{
	unsigned n = r->comparison->options.contestant_count, count = 0;

	for (unsigned i = 0; i < n; i++)
		count += !*r->comparison->cells[load * n + i].failure;
	return count;
}

static double round_seconds(const struct rounds *r, unsigned load, double now)
{
	return visit_seconds(r, load, now) * living(r, load);
}

/* ahead: seconds that the loads before it have in this round. */
static bool is_wanted(const struct rounds *r, unsigned load, double ahead, double now)
{
	const struct comparison *c = r->comparison;
	const struct comparison_options *o = &c->options;
	double until = now - r->begin + ahead + round_seconds(r, load, now);

	if (o->rounds)
		return r->round < o->rounds;
	if (r->round < COMPARISON_ROUNDS_LEAST)
		return !r->round || o->limit <= 0 || until <= o->limit;
	return comparison_rounds(c, load) < STATISTICS_MAX && until <= o->budget &&
	       !judgement_is_narrow(c, load);
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
	double ahead = 0;

	r->at = r->queued = 0;
	for (unsigned i = 0; i < loads; i++) {
		unsigned load = (r->round + i) % loads;

		if (!is_wanted(r, load, ahead, now))
			continue;
		queue_load(r, load);
		ahead += round_seconds(r, load, now);
	}
	r->round++;
}

/* The visit that was under way is over. */
static void account(struct rounds *r, double now)
{
	if (!r->under_way)
		return;
	r->of_load[r->visited].visits++;
	r->of_load[r->visited].seconds += now - r->since;
	r->done++;
	r->under_way = false;
}

int rounds_next(struct rounds *r, double now)
{
	account(r, now);
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
			r->visited = load_of(r, cell);
			r->since = now;
			return (int)cell;
		}
	}
}

/* Of the least number of rounds. */
static double least_left(const struct rounds *r, double now)
{
	const struct comparison *c = r->comparison;
	unsigned least = c->options.rounds ? c->options.rounds : COMPARISON_ROUNDS_LEAST;
	double left = r->under_way ? visit_seconds(r, r->visited, now) : 0;

	for (unsigned i = r->at; i < r->queued; i++)
		left += visit_seconds(r, load_of(r, r->queue[i]), now);
	for (unsigned load = 0; r->round < least && load < comparison_loads(c); load++)
		left += (least - r->round) * round_seconds(r, load, now);
	return left;
}

double rounds_left(const struct rounds *r, double now)
{
	const struct comparison_options *o = &r->comparison->options;
	double left = least_left(r, now), gone = now - r->begin;

	if (o->rounds)
		return left;
	if (o->limit > 0 && left > o->limit - gone)
		left = o->limit - gone;
	return left > o->budget - gone ? left : o->budget - gone;
}
