/* SPDX-License-Identifier: MIT */
#include "compare/load/knee.h"

#include <math.h>
#include <string.h>

static const double MOST = 1e8; /* requests per second */

struct search {
	struct knee *knee;
	knee_measure *measure;
	void *arg;
	int err;
};

/* Whether there may be a further step, which takes two measurements. */
static bool goes_on(const struct search *s)
{
	return !s->err && s->knee->count + 2 <= KNEE_STEPS;
}

static const struct knee_step *measured(struct search *s, double rate)
{
	struct knee_step *step = &s->knee->steps[s->knee->count];

	*step = (struct knee_step) { .rate = rate };
	s->err = s->measure(s->arg, step);
	if (s->err)
		return NULL;
	s->knee->count++;
	return step;
}

static void try(struct search *s, double rate)
{
	const struct knee_step *step = measured(s, rate);

	if (step && !step->under && !step->overload)
		step = measured(s, rate);
	if (!step)
		return;
	if (step->under) {
		s->knee->rate = rate;
	} else {
		s->knee->above = rate;
		s->knee->late = step->late;
	}
}

bool knee_is_under(const struct knee_step *step, uint64_t bound)
{
	return step->achieved > 0 && step->p99 <= bound && !step->errors && !step->overload;
}

int knee_find(struct knee *k, const struct knee_range *range, knee_measure *measure, void *arg)
{
	struct search s = { .knee = k, .measure = measure, .arg = arg };

	memset(k, 0, sizeof(*k));
	try(&s, range->first);
	while (goes_on(&s) && k->above <= 0 && k->rate * 2 <= MOST)
		try(&s, k->rate * 2);
	while (goes_on(&s) && k->rate <= 0 && k->above / 2 >= range->least)
		try(&s, k->above / 2);
	while (goes_on(&s) && k->rate > 0 && k->above > k->rate * range->fineness)
		try(&s, sqrt(k->rate * k->above));
	return s.err;
}
