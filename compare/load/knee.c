/* SPDX-License-Identifier: MIT */
#include "compare/load/knee.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double MOST = 1e8; /* requests per second */

static double rate_at(const struct knee *k, int position)
{
	return k->range.origin * exp2((double)position / k->range.per_octave);
}

uint64_t knee_bound(const char *text)
{
	static const struct {
		const char *name;
		double ns;
	} units[] = { { "", 1e9 }, { "s", 1e9 }, { "ms", 1e6 }, { "us", 1e3 } };
	char *end;
	double value = strtod(text, &end);

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (end != text && !strcmp(end, units[i].name) && value > 0 && value <= 1e6)
			return (uint64_t)(value * units[i].ns);
	return 0;
}

bool knee_is_under(const struct knee_step *step, uint64_t bound)
{
	return step->achieved > 0 && step->p99 <= bound && !step->errors && !step->overload;
}

enum knee_limit knee_limit(const struct knee_step *step)
{
	if (step->under)
		return KNEE_NONE;
	if (step->errors)
		return KNEE_ERRORS;
	if (step->late)
		return KNEE_CLIENT;
	return step->overload ? KNEE_OVERLOAD : KNEE_SLOW;
}

void knee_begin(struct knee *k, const struct knee_range *range)
{
	*k = (struct knee) { .range = *range, .at = range->start, .step = range->step };
}

double knee_next(const struct knee *k)
{
	return k->over ? 0 : rate_at(k, k->at);
}

/* On in the direction that it has, unless that leaves what can be measured. */
static void go(struct knee *k, int direction)
{
	double rate;

	k->at += direction * k->step;
	k->step = k->step * 2 < k->range.per_octave ? k->step * 2 : k->range.per_octave;
	rate = rate_at(k, k->at);
	k->over = rate > MOST || rate < k->range.least;
}

static void choose(struct knee *k)
{
	if (k->above <= 0)
		go(k, 1);
	else if (k->rate <= 0)
		go(k, -1);
	else if (k->beyond - k->under > 1)
		k->at = k->under + (k->beyond - k->under) / 2;
	else
		k->over = true;
	if (k->count + 2 > KNEE_STEPS) /* there may be a second time */
		k->over = true;
}

static void note(struct knee *k, const struct knee_step *step)
{
	if (step->under) {
		k->rate = step->rate;
		k->under = k->at;
	} else {
		k->above = step->rate;
		k->beyond = k->at;
		k->limit = knee_limit(step);
	}
}

/* A hiccup makes an overload, too, but hardly one that leaves a fifth without a reply. */
static bool is_beyond_doubt(const struct knee_step *step)
{
	return step->under || (step->overload && !(step->achieved > 0.8 * step->rate));
}

void knee_add(struct knee *k, const struct knee_step *step)
{
	k->steps[k->count++] = *step;
	if (!k->again && !is_beyond_doubt(step)) {
		k->again = true;
		return;
	}
	k->again = false;
	note(k, step);
	choose(k);
}

int knee_position(const struct knee *k)
{
	return k->rate > 0 ? k->under : k->above > 0 ? k->beyond : k->range.start;
}
