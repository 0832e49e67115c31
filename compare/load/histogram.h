/* SPDX-License-Identifier: MIT */
/*
 * A log-linear histogram of times in nanoseconds: each octave has 64 buckets of equal width, so a
 * value read back is off by at most 1/64 (1.6 %), whether it was a microsecond or a minute.  A
 * fixed size makes adding cheap (no memory, no search) and merging exact.  Zeroed is empty and
 * valid.
 */
#ifndef COMPARE_HISTOGRAM_H
#define COMPARE_HISTOGRAM_H

#include <stdint.h>

enum { HISTOGRAM_STEPS = 64, HISTOGRAM_OCTAVES = 36 }; /* up to 2^41 ns, which is 36 minutes */

struct histogram {
	uint64_t count, sum, max; /* max and sum are exact */
	uint64_t buckets[HISTOGRAM_OCTAVES * HISTOGRAM_STEPS];
};

void histogram_add(struct histogram *h, uint64_t value);
void histogram_merge(struct histogram *into, const struct histogram *from);

/* The least value that percent (0 to 100) of all values do not exceed, 0 of an empty one. */
uint64_t histogram_percentile(const struct histogram *h, double percent);
double histogram_mean(const struct histogram *h);

#endif
