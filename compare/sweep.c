/* SPDX-License-Identifier: MIT */
#include "compare/sweep.h"

#include "compare/comparison.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* What a visit takes beside its measured time and warm-up; how long it measures. */
static const double OVERHEAD = 0.3, LONGEST = 1, SHORTEST = 0.3;
static const double FIRST = 1000; /* a second, where the rounds tell nothing */
static const double ENOUGH = 100; /* requests for a p99 */
static const double BELOW = 4;    /* so many times less than a closed loop brings is the first */

enum { AIM = 14, NEARBY = 2 }; /* visits of each to have time for; positions beside a knee */

/* ---- Beginning and end ------------------------------------------------------------------------*/

static bool is_twin(const struct comparison *c, unsigned contestant)
{
	return c->twin != c->reference && contestant == c->twin;
}

/* Cells come by mode, then connections. */
static unsigned load_of(const struct comparison_options *o)
{
	unsigned most = 0;

	for (unsigned i = 0; i < o->connections_count; i++)
		if (o->connections[i] > o->connections[most])
			most = i;
	return most;
}

/* With two digits: one that is easily read. */
static double rounded(double x)
{
	double unit = pow(10, floor(log10(x)) - 1);

	return round(x / unit) * unit;
}

/* The grid begins well below what the reference does in a closed loop. */
static struct knee_range range_of(const struct comparison *c, const struct sweep *s,
				  const struct cell *cells)
{
	const struct cell *reference = &cells[c->reference];
	double rate = statistics_median(reference->samples, reference->count, METRIC_RATE);

	return (struct knee_range) {
		.origin = rate > 0 ? rounded(rate / BELOW) : FIRST,
		.least = ENOUGH / fmax(s->duration, LONGEST),
		.per_octave = KNEE_FINE,
		.step = KNEE_FINE,
	};
}

static double duration_of(const struct comparison_options *o, unsigned contestants)
{
	double each = o->sweep.budget / (contestants * AIM) - o->warmup - OVERHEAD;

	if (o->sweep.duration > 0)
		return o->sweep.duration;
	return fmin(fmax(each, SHORTEST), LONGEST);
}

static int add(struct sweep *s, const struct cell *cell, const struct knee_range *range)
{
	struct swept *who = &s->all[s->count++];

	who->contestant = cell->contestant;
	if (*cell->failure)
		snprintf(who->failure, sizeof(who->failure), "it failed in the rounds");
	knee_begin(&who->knee, range);
	who->points = calloc(SWEEP_POINTS, sizeof(*who->points));
	return who->points ? 0 : -ENOMEM;
}

int sweep_begin(struct sweep *s, const struct comparison *c, double now)
{
	const struct comparison_options *o = &c->options;
	const struct cell *cells = &c->cells[load_of(o) * o->contestant_count];
	struct knee_range range;
	int err;

	*s = (struct sweep) {
		.mode = cells->mode,
		.connections = cells->connections,
		.bound = (uint64_t)(o->sweep.bound * 1e9),
		.duration = duration_of(o, o->contestant_count - (c->twin != c->reference)),
		.wanted = o->rounds && o->rounds < SWEEP_SEARCHES ? o->rounds : SWEEP_SEARCHES,
		.chance = { o->seed },
		.begin = now,
		.budget = o->sweep.budget,
	};
	range = range_of(c, s, cells);
	s->all = calloc(o->contestant_count, sizeof(*s->all));
	s->queue = calloc(o->contestant_count, sizeof(*s->queue));
	err = s->all && s->queue ? 0 : -ENOMEM;
	for (unsigned i = 0; !err && i < o->contestant_count; i++)
		if (!is_twin(c, i))
			err = add(s, &cells[i], &range);
	return err;
}

void sweep_end(struct sweep *s, double now)
{
	s->seconds = now - s->begin;
	free(s->queue);
	s->queue = NULL;
}

void sweep_free(struct sweep *s)
{
	for (unsigned i = 0; i < s->count; i++)
		free(s->all[i].points);
	free(s->all);
	free(s->queue);
	*s = (struct sweep) { .all = NULL };
}

/* ---- Who is next ------------------------------------------------------------------------------*/

static void queue_pass(struct sweep *s)
{
	s->at = s->queued = 0;
	for (unsigned i = 0; i < s->count; i++)
		if (!*s->all[i].failure && knee_next(&s->all[i].knee) > 0)
			s->queue[s->queued++] = i;
	chance_shuffle(&s->chance, s->queue, s->queued);
}

/* Once more, from a little below where it was. */
static void search_again(struct sweep *s)
{
	for (unsigned i = 0; i < s->count; i++) {
		struct swept *who = &s->all[i];
		struct knee_range range = who->knee.range;

		if (who->searches >= s->wanted || !who->searches)
			continue;
		range.start = knee_position(&who->knee);
		range.step = NEARBY;
		knee_begin(&who->knee, &range);
	}
}

double sweep_left(const struct sweep *s, double now)
{
	return s->budget - (now - s->begin);
}

struct swept *sweep_next(struct sweep *s, double now)
{
	double each = s->visits ? (now - s->begin) / s->visits : s->duration + OVERHEAD;

	if (s->at == s->queued)
		queue_pass(s);
	if (!s->queued) {
		search_again(s);
		queue_pass(s);
	}
	return s->queued && each <= sweep_left(s, now) ? &s->all[s->queue[s->at++]] : NULL;
}

void sweep_plan_visit(const struct sweep *s, const struct swept *who, struct sweep_visit *v,
		      struct cell *cell)
{
	double rate = knee_next(&who->knee);

	*v = (struct sweep_visit) { .rate = rate, .duration = fmax(s->duration, ENOUGH / rate) };
	*cell = (struct cell) {
		.contestant = who->contestant,
		.mode = s->mode,
		.connections = s->connections,
		.samples = &v->sample,
		.visit = v,
	};
}

void sweep_load(const struct sweep_visit *v, struct load_options *o)
{
	o->rate = v->rate;
	o->arrivals = PACE_POISSON;
	o->duration = v->duration;
}

static void note(struct swept *who, const struct knee_step *step, const struct sample *sample)
{
	struct knee *k = &who->knee;

	who->points[who->count++] = (struct sweep_point) { who->searches + 1, *step, *sample };
	knee_add(k, step);
	if (knee_next(k) > 0)
		return;
	who->found[who->searches] = k->rate;
	who->above[who->searches] = k->above;
	who->limit[who->searches++] = k->limit;
}

void sweep_add(struct sweep *s, struct swept *who, const struct sweep_visit *v, int err,
	       const char *why)
{
	const struct load_result *r = &v->result;
	struct knee_step step = { .rate = v->rate };

	s->visits++;
	if (err) {
		snprintf(who->failure, sizeof(who->failure), "%.*s", (int)sizeof(who->failure) - 1,
			 why);
		return;
	}
	step.achieved = r->seconds > 0 ? (double)r->requests / r->seconds : 0;
	step.p50 = histogram_percentile(&r->latency, 50);
	step.p99 = histogram_percentile(&r->latency, 99);
	step.errors = load_errors_sum(&r->errors);
	step.overload = r->overload;
	step.late = r->late;
	step.under = knee_is_under(&step, s->bound);
	note(who, &step, &v->sample);
}

/* ---- What was found ---------------------------------------------------------------------------*/

static const struct sweep_point *point_at(const struct swept *who, double rate)
{
	for (unsigned i = who->count; i-- > 0;)
		if (who->points[i].step.under &&
		    fabs(who->points[i].step.rate - rate) < rate * 1e-6)
			return &who->points[i];
	return NULL;
}

/* Of an even number of searches the lower one, so that it was measured. */
static unsigned middle_of(const struct swept *who)
{
	for (unsigned i = 0; i < who->searches; i++) {
		unsigned below = 0, same = 0;

		for (unsigned k = 0; k < who->searches; k++) {
			below += who->found[k] < who->found[i];
			same += !(who->found[k] < who->found[i] || who->found[k] > who->found[i]);
		}
		if (below <= (who->searches - 1) / 2 && below + same > (who->searches - 1) / 2)
			return i;
	}
	return 0;
}

struct sweep_knee sweep_knee(const struct swept *who)
{
	const struct knee *k = &who->knee;
	struct sweep_knee knee = { k->rate, k->rate, k->above, k->limit, 0, NULL };
	unsigned middle = middle_of(who);

	if (who->searches)
		knee = (struct sweep_knee) { who->found[middle], who->found[middle],
					     who->above[middle], who->limit[middle],
					     who->searches,      NULL };
	for (unsigned i = 0; i < who->searches; i++) {
		knee.low = fmin(knee.low, who->found[i]);
		knee.high = knee.high > 0 && who->above[i] > 0 ? fmax(knee.high, who->above[i]) : 0;
	}
	knee.point = point_at(who, knee.rate);
	return knee;
}

bool sweep_well(const struct sweep *s)
{
	for (unsigned i = 0; i < s->count; i++)
		if (*s->all[i].failure)
			return false;
	return true;
}
