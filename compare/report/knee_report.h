/* SPDX-License-Identifier: MIT */
/* Prints a search for the knee, for people or as one JSON object. */
#ifndef COMPARE_KNEE_REPORT_H
#define COMPARE_KNEE_REPORT_H

#include "compare/load/knee.h"
#include "compare/load/load.h"

#include <stdio.h>

/* For people line by line, as the search goes on; bound is in nanoseconds. */
void knee_report_title(FILE *f, const struct load_options *o, uint64_t bound);
void knee_report_step(FILE *f, const struct knee_step *step);
void knee_report_end(FILE *f, const struct knee *k, bool stopped);

void knee_report_json(FILE *f, const struct load_options *o, const struct knee *k, uint64_t bound,
		      bool stopped);

#endif
