/* SPDX-License-Identifier: MIT */
/* The files that modus compare writes of what it has measured. */
#ifndef CLI_OUTPUTS_H
#define CLI_OUTPUTS_H

#include "compare/comparison.h"

enum output { OUTPUT_JSON, OUTPUT_CSV, OUTPUT_HTML, OUTPUTS };

struct outputs {
	const char *path[OUTPUTS]; /* or NULL */
	FILE *file[OUTPUTS];
};

/* Before the first load, so that a name that cannot be written is known then.  Both end the program
 * with status 2 where it cannot be. */
void outputs_open(struct outputs *o);
void outputs_write(struct outputs *o, const struct comparison *all, unsigned count);

#endif
