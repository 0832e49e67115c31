/* SPDX-License-Identifier: MIT */
/* Who takes part in "modus compare": models, by --models or all, and the servers of --against. */
#ifndef CLI_CONTESTANTS_H
#define CLI_CONTESTANTS_H

#include "cli/options.h"
#include "cli/rivals.h"
#include "compare/comparison.h"

struct contestants {
	struct rivals rivals;
	bool no_models; /* "--models none" */
};

/* One more model; "none": there are to be none.  Ends the program if that is not to be had. */
void contestants_add(struct contestants *c, const struct options *options,
		     struct comparison_options *o, const char *name);

/* Ends the program where "none" does not fit the rest: those chosen so far, a config. */
void contestants_check(const struct contestants *c, const struct options *options,
		       const struct comparison_options *o, bool config);

/* All models where none were chosen, and the rivals, which stay in use, after them. */
void contestants_join(const struct contestants *c, const struct options *options,
		      struct comparison_options *o);

#endif
