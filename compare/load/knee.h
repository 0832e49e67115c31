/* SPDX-License-Identifier: MIT */
/*
 * The knee of a service: the highest rate at which the p99 of its latencies stays under a bound.
 * The search knows nothing of loads: it is handed a measure.  It doubles the rate until it is too
 * high, or halves it until it is not, and then halves the distance between the two on a logarithmic
 * scale, until they are near each other.
 *
 * A rate that seems too high is measured a second time, and the better of both counts, so that a
 * hiccup of the machine does not end the search; an overload is beyond doubt.
 */
#ifndef COMPARE_KNEE_H
#define COMPARE_KNEE_H

#include <stdbool.h>
#include <stdint.h>

enum { KNEE_STEPS = 100 };

struct knee_step {
	double rate;         /* asked for, per second */
	double achieved;     /* replies per second */
	uint64_t p50, p99;   /* nanoseconds */
	uint64_t errors;     /* any kind */
	bool overload, late; /* load.h */
	bool under;          /* the bound, as it has to be */
};

struct knee {
	double rate;  /* the knee: the highest that was under; 0: none was */
	double above; /* the lowest that was not; 0: all were */
	bool late;    /* that one says nothing of the server: the client did not keep it */
	unsigned count;
	struct knee_step steps[KNEE_STEPS]; /* in the order in which they were measured */
};

/* Fills in a step for its rate: 0, or what ends the search. */
typedef int knee_measure(void *arg, struct knee_step *step);

/* Whether a step was as good as it has to be: all answered, without errors, and p99 up to bound. If
 * the client was late, that is in its latencies; so if they are good even so, the server is. */
bool knee_is_under(const struct knee_step *step, uint64_t bound);

struct knee_range {
	double first, least; /* the rate to begin with, one below which none is measured */
	double fineness;     /* the search ends when above is at most so many times rate */
};

/* 0, or what measure returned; what was found until then is in k. */
int knee_find(struct knee *k, const struct knee_range *range, knee_measure *measure, void *arg);

#endif
