/* SPDX-License-Identifier: MIT */
#include "compare/load/histogram.h"

#include <math.h>

enum { STEP_BITS = 7, BUCKETS = HISTOGRAM_OCTAVES * HISTOGRAM_STEPS };

/* Values below 128 have a bucket each; above, the seven bits after the leading one choose the step.
 */
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

/* The least value that belongs into a bucket, and how many do. */
static uint64_t bucket_range(size_t bucket, uint64_t *width)
{
	unsigned shift;

	*width = 1;
	if (bucket < HISTOGRAM_STEPS)
		return bucket;
	shift = (unsigned)(bucket / HISTOGRAM_STEPS) - 1;
	*width <<= shift;
	return (uint64_t)(bucket % HISTOGRAM_STEPS + HISTOGRAM_STEPS) << shift;
}

static uint64_t bucket_middle(size_t bucket)
{
	uint64_t width, least = bucket_range(bucket, &width);

	return least + width / 2;
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

bool histogram_next(const struct histogram *h, size_t *at, struct histogram_bucket *b)
{
	uint64_t width;

	while (*at < BUCKETS && !h->buckets[*at])
		++*at;
	if (*at == BUCKETS)
		return false;
	b->upper = bucket_range(*at, &width) + width - 1;
	b->count = h->buckets[*at];
	++*at;
	return true;
}
