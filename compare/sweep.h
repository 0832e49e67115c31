/* SPDX-License-Identifier: MIT */
/*
 * A rate sweep: the knee (load/knee.h) of each contestant under one load of a comparison, that of
 * its first mode with the most connections.  Each visit is an open loop with Poisson arrivals at
 * one rate.  In a pass all whose search goes on are visited once, in an order that chance decides;
 * they share a grid of rates, so what drifts on the machine hits all alike, and neighbours are
 * measured at the same rates.  When all knees are found they are searched again, from where they
 * were: how far the searches agree is what is known of their precision.
 *
 * It looks at what it is told and at nothing else, and can be ended at any time.
 */
#ifndef COMPARE_SWEEP_H
#define COMPARE_SWEEP_H

#include "compare/chance.h"
#include "compare/load/knee.h"
#include "compare/load/load.h"
#include "compare/statistics.h"

struct cell;
struct comparison;
struct contestant;

enum { SWEEP_SEARCHES = 3, SWEEP_POINTS = SWEEP_SEARCHES * KNEE_STEPS };

struct sweep_options {
	double bound;    /* seconds, that the p99 has to stay up to; 0: there is no sweep */
	double duration; /* seconds of each visit; 0: so that there is time for a search */
	double budget;   /* seconds for all */
};

struct sweep_point {
	unsigned search; /* from 1 */
	struct knee_step step;
	struct sample sample; /* all that was measured */
};

struct swept {
	const struct contestant *contestant;
	struct knee knee;  /* of the search that is under way, or the last one */
	unsigned searches; /* that came to their end */
	double found[SWEEP_SEARCHES], above[SWEEP_SEARCHES]; /* by them, as in struct knee */
	enum knee_limit limit[SWEEP_SEARCHES];
	struct sweep_point *points;
	unsigned count;    /* of points */
	char failure[256]; /* why it could not be measured, or "" */
};

struct sweep {
	struct swept *all; /* in the order of the contestants, without the twin */
	unsigned count;    /* 0: there is no sweep */
	enum load_mode mode;
	unsigned connections;
	uint64_t bound;  /* nanoseconds */
	double duration; /* of each visit */
	double seconds;  /* that it took */
	unsigned wanted; /* searches of each */
	/* What is under way. */
	struct chance chance;
	unsigned *queue, queued, at, visits;
	double begin, budget;
};

/* One load on one of them. */
struct sweep_visit {
	double rate, duration;
	struct sample sample;
	struct load_result result;
};

/* What is known of a knee.  All searches ended between low and high. */
struct sweep_knee {
	double rate;           /* the median of what the searches found; 0: none was low enough */
	double low, high;      /* high 0: none was too much */
	enum knee_limit limit; /* why the next rate was too much */
	unsigned searches;     /* 0: of one that did not come to its end */
	const struct sweep_point *point; /* one at that rate, or NULL */
};

/* After the rounds, whose rates tell where to begin.  0 or -ENOMEM; sweep_free() in any case. */
int sweep_begin(struct sweep *s, const struct comparison *c, double now);
void sweep_end(struct sweep *s, double now);
void sweep_free(struct sweep *s);

/* Who is visited next; NULL: it is enough. */
struct swept *sweep_next(struct sweep *s, double now);
double sweep_left(const struct sweep *s, double now); /* seconds at most */

/* What the visit is to be, and the cell that it is made to; then what came of it: err and why as of
 * the visit. */
void sweep_plan_visit(const struct sweep *s, const struct swept *who, struct sweep_visit *v,
		      struct cell *cell);
void sweep_load(const struct sweep_visit *v, struct load_options *o);
void sweep_add(struct sweep *s, struct swept *who, const struct sweep_visit *v, int err,
	       const char *why);

struct sweep_knee sweep_knee(const struct swept *who);

/* Whether all could be measured. */
bool sweep_well(const struct sweep *s);

#endif
