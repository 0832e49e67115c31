/* SPDX-License-Identifier: MIT */
/*
 * Which cell is visited next.  In a round of a load each contestant is visited once, in an order
 * that chance decides, so that none always follows the same one.  There are so many rounds as are
 * asked for; or at least three, and further ones of those loads that are not yet narrow, as long as
 * they fit into the budget.  Where there is a limit, too, only the first is begun whatever it
 * takes: the others only if they end before it, by what the visits to this load have taken.  A load
 * is left out as a whole, or not: so its pairs stay pairs of the same round.
 *
 * It looks at the cells and at the time that it is told, at nothing else.
 */
#ifndef COMPARE_ROUNDS_H
#define COMPARE_ROUNDS_H

#include "compare/chance.h"
#include "compare/comparison.h"

struct rounds {
	const struct comparison *comparison;
	struct chance chance;
	unsigned *queue;      /* cells of this round */
	unsigned queued, at;  /* of them, and those begun */
	unsigned round, done; /* the number of this round; visits that are over, of all rounds */
	bool under_way;       /* another visit is, to the load visited, since then */
	unsigned visited;
	double begin, since; /* seconds */
	struct {
		unsigned visits;
		double seconds;
	} of_load[COMPARISON_CONNECTIONS_MAX * COMPARISON_MODES];
};

/* What a round takes at least, by what is planned. */
double rounds_need(const struct comparison_options *o);

/* The first one's share of so many seconds, as these need them. */
double rounds_share(double seconds, const double *needs, unsigned count);

/* How long each visit measures: as long as is asked for, or so that six rounds have time, or those
 * asked for, but neither very short nor very long; shorter only where the limit leaves no time for
 * three. */
double rounds_duration(const struct comparison *c);

/* 0 or -ENOMEM; rounds_end() in any case. */
int rounds_begin(struct rounds *r, const struct comparison *c, double now);
void rounds_end(struct rounds *r);

int rounds_next(struct rounds *r, double now); /* the cell; -1: it is enough */

/* Seconds until the end at most, as far as one can tell. */
double rounds_left(const struct rounds *r, double now);

#endif
