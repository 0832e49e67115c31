/* SPDX-License-Identifier: MIT */
/*
 * Comparisons in full, for programs: the machine, the options, every sample of every cell, all
 * latencies.  docs/comparing.md describes the format, whose name changes when a reader of the old
 * one would no longer understand it; new keys may come at any time.
 */
#ifndef COMPARE_RECORD_H
#define COMPARE_RECORD_H

#include "compare/comparison.h"

#define RECORD_FORMAT "modus-compare-1"

/* One JSON object of count comparisons. */
void record_write(FILE *f, const struct comparison *all, unsigned count);

#endif
