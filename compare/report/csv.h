/* SPDX-License-Identifier: MIT */
/* Comparisons as a table for spreadsheets and R: a row for each sample, a column for each metric;
 * quoted and ended as RFC 4180 wants it. */
#ifndef COMPARE_CSV_H
#define COMPARE_CSV_H

#include "compare/comparison.h"

void csv_write(FILE *f, const struct comparison *all, unsigned count);

#endif
