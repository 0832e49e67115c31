/* SPDX-License-Identifier: MIT */
#include "compare/judgement.h"

static struct interval median_of(const struct cell *cell, enum metric m)
{
	double values[STATISTICS_MAX];

	return interval_of(values, statistics_values(cell->samples, cell->count, m, values),
			   INTERVAL_SEED);
}

/* A sample of each round, so the first of one belongs to the first of the other. */
struct interval judgement_ratio(const struct cell *cell, const struct cell *base, enum metric m)
{
	double values[STATISTICS_MAX], bases[STATISTICS_MAX];
	unsigned n = statistics_values(cell->samples, cell->count, m, values);
	unsigned base_n = statistics_values(base->samples, base->count, m, bases);

	return interval_ratio(values, bases, n < base_n ? n : base_n, INTERVAL_SEED);
}

static enum verdict verdict_on(const struct comparison *c, unsigned load, unsigned i, enum metric m)
{
	const struct interval *ratio = &c->cells[load * c->options.contestant_count + i].ratio[m];

	if (i == c->reference)
		return VERDICT_NONE;
	if (i == c->twin)
		return interval_verdict_on_itself(ratio);
	return interval_verdict(ratio, comparison_noise(c, load, m), c->options.precision);
}

static void judge_load(struct comparison *c, unsigned load)
{
	unsigned n = c->options.contestant_count;
	struct cell *cells = &c->cells[load * n];

	for (unsigned i = 0; i < n; i++)
		for (enum metric m = 0; m < METRICS; m++) {
			cells[i].median[m] = median_of(&cells[i], m);
			if (i != c->reference)
				cells[i].ratio[m] =
					judgement_ratio(&cells[i], &cells[c->reference], m);
		}
	for (unsigned i = 0; i < n; i++)
		for (enum metric m = 0; m < METRICS; m++)
			cells[i].verdict[m] = verdict_on(c, load, i, m);
}

void judgement_make(struct comparison *c)
{
	for (unsigned load = 0; load < comparison_loads(c); load++)
		judge_load(c, load);
}

static bool is_narrow(const struct cell *cell, enum metric m, double precision)
{
	struct interval median = median_of(cell, m);

	return median.count >= COMPARISON_NARROW_LEAST && interval_width(&median) <= precision;
}

bool judgement_is_narrow(const struct comparison *c, unsigned load)
{
	const struct cell *cells = &c->cells[load * c->options.contestant_count];
	double precision = c->options.precision;

	for (unsigned i = 0; i < c->options.contestant_count; i++)
		if (!*cells[i].failure && !(is_narrow(&cells[i], METRIC_RATE, precision) &&
					    is_narrow(&cells[i], METRIC_CPU, precision)))
			return false;
	return true;
}
