/* SPDX-License-Identifier: MIT */
/* Numbers that look random and are the same for the same seed (splitmix64): for orders that can be
 * repeated, and for intervals that are a function of their data alone. */
#ifndef COMPARE_CHANCE_H
#define COMPARE_CHANCE_H

#include <stdint.h>

struct chance {
	uint64_t state; /* the seed at first; any will do */
};

uint64_t chance_next(struct chance *c);

/* From 0 to below n, which is at least 1. */
unsigned chance_below(struct chance *c, unsigned n);

/* Puts the numbers into a random order, each order as likely as another. */
void chance_shuffle(struct chance *c, unsigned *numbers, unsigned n);

/* A seed that nobody chose, from 1 to 2^31: one can type it again. */
unsigned chance_seed(void);

#endif
