/* SPDX-License-Identifier: MIT */
/* modus compare --knee: the sweep that follows the rounds. */
#ifndef CLI_SWEEP_H
#define CLI_SWEEP_H

#include "cli/scenarios.h"

/* The bound that a text says; ends the program if it is none. */
void sweep_set_bound(const struct options *o, struct comparison_options *to, const char *text);

/* Before anything runs: ends the program if what is compared takes no rate. */
void sweep_check(const struct options *o, const struct comparison_options *of,
		 const struct scenarios *s);

/* What a comparison needs whose rounds need so much: with its sweep, if there is one. */
double sweep_need(const struct comparison_options *o, double rounds);

/* Gives it its share of the budget. */
void sweep_plan(struct comparison_options *o);

#endif
