/* SPDX-License-Identifier: MIT */
/* The other servers of "modus compare --against". */
#ifndef CLI_RIVALS_H
#define CLI_RIVALS_H

#include "cli/options.h"
#include "compare/comparison.h"
#include "compare/stage/rival.h"

enum { RIVALS_MAX = 8 };

struct rivals {
	struct rival all[RIVALS_MAX];
	unsigned count;
};

void rivals_add(struct rivals *r, const struct options *options, const char *text);

/* Of the one that was added last. */
void rivals_set_pid(struct rivals *r, const struct options *options, const char *text);

/* Puts them, which stay in use, after the models. */
void rivals_join(const struct rivals *r, const struct options *options,
		 struct comparison_options *o);

#endif
