/* SPDX-License-Identifier: MIT */
/* modus compare --baseline: the record that comparisons are set beside. */
#ifndef CLI_BASELINE_H
#define CLI_BASELINE_H

#include "compare/comparison.h"

/* Before the first load: ends the program if there is a path and no record of comparisons there. */
void baseline_check(const char *path);

/* Gives a comparison the one that has its place in the record, if there is a path; says why it
 * cannot be had. */
void baseline_join(struct comparison *c, const char *path, unsigned place);

#endif
