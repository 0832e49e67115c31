/* SPDX-License-Identifier: MIT */
/* A bar on a terminal that says what is running and how long it will take. */
#ifndef COMPARE_PROGRESS_H
#define COMPARE_PROGRESS_H

#include <stdio.h>

struct progress {
	FILE *f; /* NULL: nothing is shown */
};

void progress_begin(struct progress *p, FILE *f);

/* Before each step: the seconds that have passed and those that are left at most. */
void progress_step(struct progress *p, const char *what, double passed, double left);
void progress_end(struct progress *p);

#endif
