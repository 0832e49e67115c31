/* SPDX-License-Identifier: MIT */
/* What stands out of what has no column: a line below a table, or none. */
#ifndef COMPARE_STANDOUTS_H
#define COMPARE_STANDOUTS_H

#include "compare/comparison.h"

void standouts_print(FILE *f, const struct comparison *c, unsigned load);

#endif
