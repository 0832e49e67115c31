/* SPDX-License-Identifier: MIT */
/*
 * Where a median lies, as far as so many measurements tell: the percentile bootstrap.  From n
 * values n are drawn, with repetition, 4000 times; the middle 95 % of the medians of these draws
 * are the interval.  Few values do not know how much more there is beyond them, so it is then
 * widened about the median by as much as Student's t is wider than the normal distribution: 2.7
 * times for three values, 1.4 for six, 1.1 for twenty; for three, on both sides by what the farther
 * one has.  And it reaches as far as the values whose ranks hold the median with 95 %, whatever
 * their distribution (from six on: the outermost of six, the second of nine, the sixth of twenty).
 * So 95 of 100 intervals hold the true median, or some more, however few the values are.
 *
 * What is not a number is not known, and left out.  All are functions of their arguments alone: the
 * same values and seed give the same interval.
 */
#ifndef COMPARE_INTERVAL_H
#define COMPARE_INTERVAL_H

#include <stdbool.h>
#include <stdint.h>

struct interval {
	double median, low, high;
	unsigned count; /* of the values it rests on; 0: nothing is known, and all is 0 */
};

/* Whether a ratio differs from 1. */
enum verdict {
	VERDICT_NONE,    /* nothing to compare */
	VERDICT_LESS,    /* all of the interval is below 1, and the median further than the noise */
	VERDICT_MORE,    /* likewise above */
	VERDICT_SAME,    /* no difference: none that is greater than what counts as none */
	VERDICT_UNKNOWN, /* cannot tell: the interval is too wide for either */
	VERDICTS
};

extern const char *const verdict_names[VERDICTS]; /* "less", "no difference", "cannot tell" */
extern const char verdict_signs[VERDICTS];        /* in tables: < > = ? */

/* A part of 1: a ratio that may be further from it cannot be called no difference. */
extern const double interval_wide;

enum { INTERVAL_SEED = 1 };

/* Of the median of n values; those after the first STATISTICS_MAX are not looked at. */
struct interval interval_of(const double *values, unsigned n, uint64_t seed);

/* Of the median of the ratios values[i] / base[i], which were measured in pairs.  Pairs whose base
 * is not above 0 have no ratio and are left out. */
struct interval interval_ratio(const double *values, const double *base, unsigned n, uint64_t seed);

/* Of the ratio of two medians whose values were not measured in pairs. */
struct interval interval_of_medians(const double *values, unsigned n, const double *base,
				    unsigned base_n, uint64_t seed);

/* The width in terms of the median; 0 of one without width, 1 at least if the median is 0. */
double interval_width(const struct interval *i);

/* How far the interval of a ratio reaches from 1: what a thing differs from itself. */
double interval_reach(const struct interval *ratio);

/* Noise: what a thing differs from itself, as a part of 1.  Precision: what one would call none. */
enum verdict interval_verdict(const struct interval *ratio, double noise, double precision);

/* Of what was measured twice: only an interval that does not hold 1 is a difference. */
enum verdict interval_verdict_on_itself(const struct interval *ratio);

#endif
