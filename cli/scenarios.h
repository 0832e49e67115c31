/* SPDX-License-Identifier: MIT */
/* The scenarios that modus compare is to run. */
#ifndef CLI_SCENARIOS_H
#define CLI_SCENARIOS_H

#include "cli/options.h"
#include "compare/comparison.h"
#include "compare/scenario.h"

enum { SCENARIOS_MAX = 16 };

struct scenarios {
	struct scenario *all[SCENARIOS_MAX];
	unsigned count;
};

/* Reads one more; ends the program if that is not to be had. */
void scenarios_add(const struct options *o, struct scenarios *s, const char *name);
void scenarios_free(struct scenarios *s);

/* What the scenario says goes where the command has not said something else; quick: of its numbers
 * of connections only one that is not large. */
void scenarios_apply(const struct scenario *s, bool quick, struct comparison_options *o);

_Noreturn void scenarios_print(const struct options *o); /* those that there are, and ends */
void scenarios_head(const struct scenario *s);           /* before its tables */

#endif
