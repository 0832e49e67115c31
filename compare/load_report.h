/* SPDX-License-Identifier: MIT */
/* Prints the result of one load, for people or as one JSON object. */
#ifndef COMPARE_LOAD_REPORT_H
#define COMPARE_LOAD_REPORT_H

#include "compare/load.h"

#include <stdio.h>

void load_report_text(FILE *f, const struct load_options *o, const struct load_result *r);
void load_report_json(FILE *f, const struct load_options *o, const struct load_result *r);

/* "3 reset (Connection reset by peer), 1 timeout"; "none". */
void load_report_errors(FILE *f, const struct load_errors *e);

#endif
