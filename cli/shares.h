/* SPDX-License-Identifier: MIT */
/*
 * The time of a command, dealt out to its comparisons: each has its share of what is left when it
 * begins, by what a round of it needs.  So what one did not use the next ones have, and all end in
 * time although the machine is slower than was planned.
 */
#ifndef CLI_SHARES_H
#define CLI_SHARES_H

#include "cli/scenarios.h"

struct shares {
	double begin, needs[SCENARIOS_MAX];
	unsigned count;
};

void shares_begin(struct shares *s);
void shares_add(struct shares *s, const struct comparison_options *o);

/* Makes the budget and the limit of all those of the one at this place, which begins now. */
void shares_take(const struct shares *s, unsigned at, struct comparison_options *o);

#endif
