/* SPDX-License-Identifier: MIT */
/* Tells which model to choose, and why. */
#ifndef COMPARE_ADVICE_REPORT_H
#define COMPARE_ADVICE_REPORT_H

#include "compare/comparison.h"

/* One line, for below a load's table; nothing where there is nothing to choose from. */
void advice_report_line(FILE *f, const struct comparison *c, unsigned load);

/* The choice for all loads, and from how many connections on another would be better; nothing where
 * there is but one load. */
void advice_report_whole(FILE *f, const struct comparison *c);

/* What to put in the config, the rule, and what became of each model under each load. */
void advice_report(FILE *f, const struct comparison *c);

#endif
