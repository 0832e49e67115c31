/* SPDX-License-Identifier: MIT */
/*
 * The schedule of an open loop: when each request is meant to be sent, whatever becomes of those
 * before.  It holds the next arrival only.  Those that are overdue need no memory: they are what
 * the schedule has not yet handed out, however many they become.
 *
 * Constant arrivals are equally far from each other.  Those of Poisson are as independent users
 * make them: the gaps are exponential, so some come in a crowd.  Both are the same in each run, so
 * that the servers that are compared meet the same crowds.
 */
#ifndef COMPARE_PACE_H
#define COMPARE_PACE_H

#include <stdint.h>

enum pace_arrivals { PACE_CONSTANT, PACE_POISSON };

struct pace {
	enum pace_arrivals arrivals;
	double rate;          /* a second, of all parts together */
	unsigned part, parts; /* this one's share of a schedule that several keep */
	int64_t start, at;    /* nanoseconds; at: the next arrival */
	double offset;        /* of Poisson's: at, from start on */
	uint64_t number;      /* of arrivals before the next one */
	uint64_t random;      /* state */
};

/* part is below parts. */
void pace_begin(struct pace *p, enum pace_arrivals arrivals, double rate, unsigned part,
		unsigned parts, int64_t start);
void pace_advance(struct pace *p);

/* How many arrivals from the next one on lie before until. */
uint64_t pace_due(const struct pace *p, int64_t until);

#endif
