/* SPDX-License-Identifier: MIT */
/* What is running and how long it will take: on a terminal a bar, elsewhere a line now and then. */
#ifndef COMPARE_PROGRESS_H
#define COMPARE_PROGRESS_H

#include <stdbool.h>
#include <stdio.h>

enum { PROGRESS_SECONDS = 20 }; /* between two lines at least */

struct progress {
	FILE *f;          /* NULL: nothing is shown */
	const char *part; /* of what; NULL or "": of all */
	bool terminal, told;
	double told_at; /* the seconds that had then passed */
};

/* The part, if any, stands before each step; it is kept. */
void progress_begin(struct progress *p, FILE *f, const char *part);

/* Before each step: the seconds that have passed and those that are left at most. */
void progress_step(struct progress *p, const char *what, double passed, double left);
void progress_end(struct progress *p);

#endif
