/* SPDX-License-Identifier: MIT */
/* Tells what has changed since an earlier comparison. */
#ifndef COMPARE_BASELINE_REPORT_H
#define COMPARE_BASELINE_REPORT_H

#include "compare/baseline.h"

void baseline_report(FILE *f, const struct comparison *c, const struct baseline *b);

#endif
