/* SPDX-License-Identifier: MIT */
#include "cli/shares.h"

#include "cli/sweep.h"
#include "compare/rounds.h"

#include <time.h>

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void shares_begin(struct shares *s)
{
	*s = (struct shares) { .begin = now() };
}

void shares_add(struct shares *s, const struct comparison_options *o)
{
	s->needs[s->count++] = sweep_need(o, rounds_need(o));
}

void shares_take(const struct shares *s, unsigned at, struct comparison_options *o)
{
	double gone = now() - s->begin;
	bool limited = o->limit > 0;

	o->budget = rounds_share(o->budget - gone, &s->needs[at], s->count - at);
	o->limit = rounds_share(o->limit - gone, &s->needs[at], s->count - at);
	if (limited && o->limit <= 0)
		o->limit = o->budget = 1e-9; /* nothing is left: a round of each, no more */
}
