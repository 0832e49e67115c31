/* SPDX-License-Identifier: MIT */
/* How those fared who were beside the clients of a load. */
#ifndef COMPARE_COMPANY_REPORT_H
#define COMPARE_COMPANY_REPORT_H

#include "compare/load/load.h"
#include "compare/report/json.h"

#include <stdio.h>

void company_report_text(FILE *f, const struct load_result *r);
void company_report_json(FILE *f, const struct load_result *r); /* , "company": {...} */

/* "company": {...}, or null where there was none. */
void company_report_counts(struct json *j, const struct company_count counts[COMPANY_KINDS]);

#endif
