/* SPDX-License-Identifier: MIT */
/* How those fared who were beside the clients of a load. */
#ifndef COMPARE_COMPANY_REPORT_H
#define COMPARE_COMPANY_REPORT_H

#include "compare/load/load.h"

#include <stdio.h>

void company_report_text(FILE *f, const struct load_result *r);
void company_report_json(FILE *f, const struct load_result *r); /* , "company": {...} */

#endif
