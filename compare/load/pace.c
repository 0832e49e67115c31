/* SPDX-License-Identifier: MIT */
#include "compare/load/pace.h"

#include <math.h>

/* From above 0 to 1 (splitmix64). */
static double uniform(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return ((double)((z ^ z >> 31) >> 11) + 1) * 0x1p-53;
}

/* Counted from the start, so that no error adds up. */
static double constant_offset(const struct pace *p)
{
	return (double)(p->number * p->parts + p->part) * 1e9 / p->rate;
}

/* Parts that each have their own gaps are together what one would be. */
static double poisson_offset(struct pace *p)
{
	return p->offset - log(uniform(&p->random)) * 1e9 * p->parts / p->rate;
}

static void place(struct pace *p)
{
	p->offset = p->arrivals == PACE_POISSON ? poisson_offset(p) : constant_offset(p);
	p->at = p->start + (int64_t)p->offset;
}

void pace_begin(struct pace *p, enum pace_arrivals arrivals, double rate, unsigned part,
		unsigned parts, int64_t start)
{
	*p = (struct pace) { .arrivals = arrivals,
			     .rate = rate,
			     .part = part,
			     .parts = parts,
			     .start = start,
			     .random = part };
	place(p);
}

void pace_advance(struct pace *p)
{
	p->number++;
	place(p);
}

uint64_t pace_due(const struct pace *p, int64_t until)
{
	struct pace ahead = *p;

	while (ahead.at < until)
		pace_advance(&ahead);
	return ahead.number - p->number;
}
