/* SPDX-License-Identifier: MIT */
/* What a comparison consists of, before and after it is run: its contestants and their cells. */
#ifndef COMPARE_CELLS_H
#define COMPARE_CELLS_H

#include "compare/comparison.h"

/* Makes the cells of a comparison whose options are set.  The reference gets a twin where there is
 * another contestant and where rounds are enough for intervals.  0, or a negative errno and a
 * sentence in why; cells_free() in any case. */
int cells_make(struct comparison *c, char *why, size_t size);
void cells_free(struct comparison *c);

#endif
