/* SPDX-License-Identifier: MIT */
/*
 * A log-linear histogram of times in nanoseconds: each octave has 128 buckets of equal width, so
 * the bounds of a bucket differ by less than 0.8 %, and a value read back (the middle) is off by at
 * most half of that, whether it was a microsecond or a minute.  A fixed size makes adding cheap (no
 * memory, no search) and merging exact.  Zeroed is empty and valid.
 */
#ifndef COMPARE_HISTOGRAM_H
#define COMPARE_HISTOGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HISTOGRAM_STEPS = 128, HISTOGRAM_OCTAVES = 35 }; /* up to 2^41 ns, which is 36 minutes */

struct histogram {
	uint64_t count, sum, max; /* max and sum are exact */
	uint64_t buckets[HISTOGRAM_OCTAVES * HISTOGRAM_STEPS];
};

/* Values above the bucket before and up to upper.  The last one also has what is beyond all. */
struct histogram_bucket {
	uint64_t upper, count;
};

void histogram_add(struct histogram *h, uint64_t value);
void histogram_merge(struct histogram *into, const struct histogram *from);

/* The least value that percent (0 to 100) of all values do not exceed, 0 of an empty one. */
uint64_t histogram_percentile(const struct histogram *h, double percent);
double histogram_mean(const struct histogram *h);

/* The next bucket with values in it, from the least: true, or false after the last.  A walk begins
 * with *at = 0. */
bool histogram_next(const struct histogram *h, size_t *at, struct histogram_bucket *b);

#endif
