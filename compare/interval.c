/* SPDX-License-Identifier: MIT */
#include "compare/interval.h"

#include "compare/chance.h"
#include "compare/statistics.h"

#include <math.h>
#include <stdlib.h>

enum { RESAMPLES = 4000, TAIL = RESAMPLES / 40 }; /* 2.5 % at each end */

const double interval_wide = 0.25;

/* Of so few, the median may by chance lie next to one of them, which says nothing of that side. */
enum { LOPSIDED = 3 };

static const double NORMAL = 1.96; /* 2.5 % of a normal distribution lie above */

const char *const verdict_names[VERDICTS] = {
	[VERDICT_NONE] = "not compared",   [VERDICT_LESS] = "less",
	[VERDICT_MORE] = "more",           [VERDICT_SAME] = "no difference",
	[VERDICT_UNKNOWN] = "cannot tell",
};

const char verdict_signs[VERDICTS] = {
	[VERDICT_NONE] = ' ', [VERDICT_LESS] = '<',    [VERDICT_MORE] = '>',
	[VERDICT_SAME] = '=', [VERDICT_UNKNOWN] = '?',
};

struct sorted {
	double value[STATISTICS_MAX];
	unsigned n;
};

static int by_value(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

static void sort(struct sorted *s, const double *values, unsigned n)
{
	s->n = 0;
	for (unsigned i = 0; i < n && s->n < STATISTICS_MAX; i++)
		if (!isnan(values[i]))
			s->value[s->n++] = values[i];
	qsort(s->value, s->n, sizeof(*s->value), by_value);
}

static double median(const struct sorted *s)
{
	return (s->value[(s->n - 1) / 2] + s->value[s->n / 2]) / 2;
}

/* The median of as many values drawn with repetition.  As they are sorted, it is enough to count
 * how often each was drawn. */
static double drawn_median(const struct sorted *s, struct chance *c)
{
	unsigned drawn[STATISTICS_MAX] = { 0 }, at = 0, seen;
	double lower;

	for (unsigned i = 0; i < s->n; i++)
		drawn[chance_below(c, s->n)]++;
	for (seen = drawn[0]; seen <= (s->n - 1) / 2; seen += drawn[at])
		at++;
	lower = s->value[at];
	for (; seen <= s->n / 2; seen += drawn[at])
		at++;
	return (lower + s->value[at]) / 2;
}

/* What Student's t leaves out at 2.5 %, by the degrees of freedom. */
static double student(unsigned freedom)
{
	static const double t[] = { 0,     12.706, 4.303, 3.182, 2.776, 2.571,
				    2.447, 2.365,  2.306, 2.262, 2.228 };

	return freedom < sizeof(t) / sizeof(*t) ? t[freedom] : NORMAL + 2.4 / freedom;
}

/* How much wider an interval has to be than what n values drew. */
static double widening(unsigned n)
{
	return n < 2 ? 1 : student(n - 1) / NORMAL * sqrt(n / (n - 1.0));
}

/* The middle 95 % of what has been drawn, widened.  What is measured here is never negative. */
static struct interval between(double *medians, double middle, unsigned n)
{
	double below, above;

	qsort(medians, RESAMPLES, sizeof(*medians), by_value);
	below = widening(n) * (middle - medians[TAIL]);
	above = widening(n) * (medians[RESAMPLES - 1 - TAIL] - middle);
	if (n <= LOPSIDED)
		below = above = fmax(below, above);
	return (struct interval) {
		.median = middle,
		.low = fmax(0, middle - below),
		.high = middle + above,
		.count = n,
	};
}

/* How many values at each end, but the innermost of these, are outside: the true median is beyond
 * it in less than 5 % of all cases, as a coin is thrown for each value.  0: even the outermost are
 * not far enough out, as of fewer than six. */
static unsigned rank_of(unsigned n)
{
	double chance = ldexp(1, -(int)n), beyond = 0;

	for (unsigned rank = 0; rank < n; rank++) {
		beyond += chance;
		if (2 * beyond > 0.05)
			return rank;
		chance *= (double)(n - rank) / (rank + 1);
	}
	return 0;
}

static void reach_ranks(struct interval *i, const struct sorted *s)
{
	unsigned rank = rank_of(s->n);

	if (!rank)
		return;
	i->low = fmin(i->low, s->value[rank - 1]);
	i->high = fmax(i->high, s->value[s->n - rank]);
}

struct interval interval_of(const double *values, unsigned n, uint64_t seed)
{
	struct chance chance = { seed };
	double medians[RESAMPLES];
	struct interval found;
	struct sorted s;

	sort(&s, values, n);
	if (!s.n)
		return (struct interval) { 0 };
	for (unsigned i = 0; i < RESAMPLES; i++)
		medians[i] = drawn_median(&s, &chance);
	found = between(medians, median(&s), s.n);
	reach_ranks(&found, &s);
	return found;
}

struct interval interval_ratio(const double *values, const double *base, unsigned n, uint64_t seed)
{
	double ratios[STATISTICS_MAX];
	unsigned count = 0;

	for (unsigned i = 0; i < n && count < STATISTICS_MAX; i++)
		if (base[i] > 0)
			ratios[count++] = values[i] / base[i];
	return interval_of(ratios, count, seed);
}

struct interval interval_of_medians(const double *values, unsigned n, const double *base,
				    unsigned base_n, uint64_t seed)
{
	struct chance chance = { seed };
	double medians[RESAMPLES];
	struct sorted over, under;

	sort(&over, values, n);
	sort(&under, base, base_n);
	if (!over.n || !under.n || under.value[0] <= 0)
		return (struct interval) { 0 };
	for (unsigned i = 0; i < RESAMPLES; i++)
		medians[i] = drawn_median(&over, &chance) / drawn_median(&under, &chance);
	return between(medians, median(&over) / median(&under),
		       over.n < under.n ? over.n : under.n);
}

double interval_width(const struct interval *i)
{
	double width = i->high - i->low;

	if (width <= 0)
		return 0;
	return i->median > 0 ? width / i->median : 1;
}

double interval_reach(const struct interval *ratio)
{
	return ratio->count ? fmax(fabs(1 - ratio->low), fabs(ratio->high - 1)) : 0;
}

enum verdict interval_verdict(const struct interval *ratio, double noise, double precision)
{
	bool apart = ratio->low > 1 || ratio->high < 1;

	if (!ratio->count)
		return VERDICT_NONE;
	if (ratio->count < 2)
		return VERDICT_UNKNOWN;
	if (apart && fabs(ratio->median - 1) > noise)
		return ratio->low > 1 ? VERDICT_MORE : VERDICT_LESS;
	if (apart)
		return noise <= interval_wide ? VERDICT_SAME : VERDICT_UNKNOWN;
	return interval_reach(ratio) <= fmin(interval_wide, fmax(noise, precision))
		       ? VERDICT_SAME
		       : VERDICT_UNKNOWN;
}

enum verdict interval_verdict_on_itself(const struct interval *ratio)
{
	bool apart = ratio->low > 1 || ratio->high < 1;

	return interval_verdict(ratio, apart ? 0 : interval_reach(ratio), 0);
}
