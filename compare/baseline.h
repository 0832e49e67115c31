/* SPDX-License-Identifier: MIT */
/*
 * An earlier comparison, from its record: what has changed since.  Its rounds and those of now were
 * not measured in pairs, so the ratio of the medians has an interval from both sides' rounds, and
 * what the machine did differently meanwhile is within the ratio.
 */
#ifndef COMPARE_BASELINE_H
#define COMPARE_BASELINE_H

#include "compare/comparison.h"

struct baseline_cell {
	char name[64], mode[16];
	unsigned connections;
	double values[METRICS][STATISTICS_MAX];
	unsigned counts[METRICS];
};

struct baseline {
	struct baseline_cell *cells;
	unsigned count;
	char kernel[208], processor[128]; /* that it was measured on; "" if it does not tell */
	char written[40];                 /* when, likewise */
};

/* Reads what --json has written: the comparison at its place, from 0, among those that the file
 * has.  0, or a negative errno and a sentence in why.  baseline_clear() in any case. */
int baseline_read(struct baseline *b, const char *path, unsigned place, char *why, size_t size);
void baseline_clear(struct baseline *b);
void baseline_free(struct baseline *b); /* itself, too, if it is not NULL */

/* The cell of the same name and load, or NULL. */
const struct baseline_cell *baseline_find(const struct baseline *b, const struct cell *cell);

/* What a metric is now to what it was. */
struct interval baseline_ratio(const struct baseline_cell *was, const struct cell *is,
			       enum metric m);

#endif
