/* SPDX-License-Identifier: MIT */
/*
 * The knee of a service: the highest rate at which the p99 of its latencies stays under a bound.
 * The search knows nothing of loads: it says which rate is to be measured next, and is told what
 * came of it.  It goes up until a rate is too high, or down until it is not, and then halves the
 * distance between the two.
 *
 * Rates are positions on a grid, so many to an octave.  So searches of several servers that share a
 * grid measure the same rates, and a search ends when the knee lies between two neighbours.
 *
 * A rate that seems too high is measured a second time, and the better of both counts, so that a
 * hiccup of the machine does not end the search; an overload by far is beyond doubt.
 */
#ifndef COMPARE_KNEE_H
#define COMPARE_KNEE_H

#include <stdbool.h>
#include <stdint.h>

enum {
	KNEE_STEPS = 100,
	KNEE_FINE = 16, /* positions to an octave: neighbours are 4.4 % from each other */
};

struct knee_step {
	double rate;         /* asked for, per second */
	double achieved;     /* replies per second */
	uint64_t p50, p99;   /* nanoseconds */
	uint64_t errors;     /* any kind */
	bool overload, late; /* load.h */
	bool under;          /* the bound, as it has to be */
};

/* Why a rate is too high. */
enum knee_limit {
	KNEE_NONE, /* it is not */
	KNEE_ERRORS,
	KNEE_CLIENT, /* that one was late: it says nothing of the server */
	KNEE_OVERLOAD,
	KNEE_SLOW, /* the p99 is above the bound */
};

struct knee_range {
	double origin;   /* the rate at position 0 */
	double least;    /* none below is measured */
	int per_octave;  /* positions */
	int start, step; /* the first one, and how far the next is from it: each further one twice
			    as far, up to an octave */
};

struct knee {
	double rate;           /* the knee: the highest that was under; 0: none was */
	double above;          /* the lowest that was not; 0: all were */
	enum knee_limit limit; /* why that was too high */
	unsigned count;
	struct knee_step steps[KNEE_STEPS]; /* in the order in which they were measured */
	/* The search itself. */
	struct knee_range range;
	int at, step;      /* positions: of the next rate, and on from there */
	int under, beyond; /* those of rate and above */
	bool again, over;  /* the next is the last one's second time; there is none */
};

/* Reads a bound, "10ms", "500us", "0.01s" or "0.01", as nanoseconds; 0: it is none. */
uint64_t knee_bound(const char *text);

/* Whether a step was as good as it has to be: all answered, without errors, and p99 up to bound. If
 * the client was late, that is in its latencies; so if they are good even so, the server is. */
bool knee_is_under(const struct knee_step *step, uint64_t bound);
enum knee_limit knee_limit(const struct knee_step *step);

void knee_begin(struct knee *k, const struct knee_range *range);
double knee_next(const struct knee *k); /* the rate to be measured; 0: it is found */
void knee_add(struct knee *k, const struct knee_step *step); /* what came of it */
int knee_position(const struct knee *k); /* the nearest on the grid to what is known of the knee */

#endif
