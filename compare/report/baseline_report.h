/* SPDX-License-Identifier: MIT */
/* Tells what has changed since an earlier comparison. */
#ifndef COMPARE_BASELINE_REPORT_H
#define COMPARE_BASELINE_REPORT_H

#include "compare/comparison.h"
#include "compare/report/json.h"

void baseline_report(FILE *f, const struct comparison *c); /* which has a baseline */

/* Of the comparison, "baseline": when and where it was; of a cell, "to_baseline": the ratios.
 * Either is null where there is none. */
void baseline_report_json(struct json *j, const struct comparison *c);
void baseline_report_cell(struct json *j, const struct comparison *c, unsigned index);

#endif
