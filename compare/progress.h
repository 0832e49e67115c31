/* SPDX-License-Identifier: MIT */
/* A bar on a terminal that says what is running and how long it will take. */
#ifndef COMPARE_PROGRESS_H
#define COMPARE_PROGRESS_H

#include <stdint.h>
#include <stdio.h>

struct progress {
	FILE *f; /* NULL: nothing is shown */
	unsigned all, done;
	double each; /* seconds a step is expected to take, until the first ones are known */
	int64_t begin;
};

void progress_begin(struct progress *p, FILE *f, unsigned all, double each);
void progress_step(struct progress *p, const char *what); /* before each step */
void progress_end(struct progress *p);

#endif
