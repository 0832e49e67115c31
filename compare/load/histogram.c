/* SPDX-License-Identifier: MIT */
#include "compare/load/histogram.h"

#include <math.h>
#include <stddef.h>

enum { STEP_BITS = 6, BUCKETS = HISTOGRAM_OCTAVES * HISTOGRAM_STEPS };

/* Values below 64 have a bucket each; above, the six bits after the leading one choose the step. */
static size_t bucket_of(uint64_t value)
{
	unsigned shift;
	size_t bucket;

	if (value < HISTOGRAM_STEPS)
		return (size_t)value;
	shift = 63 - (unsigned)__builtin_clzll(value) - STEP_BITS;
	bucket = (size_t)(shift + 1) * HISTOGRAM_STEPS + ((value >> shift) - HISTOGRAM_STEPS);
	return bucket < BUCKETS ? bucket : BUCKETS - 1;
}

static uint64_t bucket_middle(size_t bucket)
{
	unsigned shift;

	if (bucket < HISTOGRAM_STEPS)
		return bucket;
	shift = (unsigned)(bucket / HISTOGRAM_STEPS) - 1;
	return ((bucket % HISTOGRAM_STEPS + HISTOGRAM_STEPS) << shift) +
	       ((UINT64_C(1) << shift) >> 1);
}

void histogram_add(struct histogram *h, uint64_t value)
{
	h->buckets[bucket_of(value)]++;
	h->count++;
	h->sum += value;
	if (value > h->max)
		h->max = value;
}

void histogram_merge(struct histogram *into, const struct histogram *from)
{
	for (size_t i = 0; i < BUCKETS; i++)
		into->buckets[i] += from->buckets[i];
	into->count += from->count;
	into->sum += from->sum;
	if (from->max > into->max)
		into->max = from->max;
}

uint64_t histogram_percentile(const struct histogram *h, double percent)
{
	double rank = ceil((double)h->count * percent / 100);
	uint64_t want = rank < 1 ? 1 : (uint64_t)rank, seen = 0;

	if (want >= h->count)
		return h->max;
	for (size_t i = 0; i < BUCKETS - 1; i++) {
		seen += h->buckets[i];
		if (seen >= want)
			return bucket_middle(i) < h->max ? bucket_middle(i) : h->max;
	}
	return h->max;
}

double histogram_mean(const struct histogram *h)
{
	return h->count ? (double)h->sum / (double)h->count : 0;
}
