/* SPDX-License-Identifier: MIT */
/*
 * Comparisons as one HTML file that needs nothing else: the page, its script and Chart.js are put
 * together when modus is built (page/embed.py), and the records stand in it as they are written
 * elsewhere.  All that is shown is made of them, by the page itself.
 */
#ifndef COMPARE_PAGE_H
#define COMPARE_PAGE_H

#include "compare/comparison.h"

#include <stddef.h>

void page_write(FILE *f, const struct comparison *all, unsigned count);

/* The same, of records that were written before: a beginning, each of them, an end. */
void page_begin(FILE *f);
void page_end(FILE *f);

/* Puts a record in, up to the end of from.  0, -EINVAL if it does not begin as a record does, or
 * another negative errno. */
int page_record(FILE *f, FILE *from);

/* The page before and after the records. */
extern const char page_head[], page_tail[];
extern const size_t page_head_size, page_tail_size;

#endif
