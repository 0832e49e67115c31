/* SPDX-License-Identifier: MIT */
/* Prints a rate sweep: the knee of each contestant, and in full as JSON. */
#ifndef COMPARE_SWEEP_REPORT_H
#define COMPARE_SWEEP_REPORT_H

#include "compare/comparison.h"
#include "compare/report/json.h"

void sweep_report(FILE *f, const struct comparison *c); /* nothing where there is none */
void sweep_report_json(struct json *j, const struct comparison *c); /* "sweep": {...} or null */

#endif
