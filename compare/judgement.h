/* SPDX-License-Identifier: MIT */
/*
 * What the samples of a comparison say: of each cell and metric the interval of its median, that of
 * its ratio to the reference, and whether that is a difference.  One that the reference had from
 * itself is none.
 */
#ifndef COMPARE_JUDGEMENT_H
#define COMPARE_JUDGEMENT_H

#include "compare/comparison.h"

void judgement_make(struct comparison *c);

/* Of a metric of two contestants under the same load, in pairs of the same round. */
struct interval judgement_ratio(const struct cell *cell, const struct cell *base, enum metric m);

/* Whether the medians of rate and CPU of all cells of a load lie in intervals that are narrow
 * enough, and do not by chance, as those of few rounds may; what failed cannot get any narrower. */
bool judgement_is_narrow(const struct comparison *c, unsigned load);

#endif
