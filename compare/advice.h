/* SPDX-License-Identifier: MIT */
/*
 * Which model to choose for a load, by a rule that can be followed by hand:
 * - among the models that served all connections without an error,
 * - those whose p99 is not worse than the best one's: their intervals have something in common;
 * - among these likewise those with the least server CPU per request;
 * - of what is left, the one with the least memory.
 * A function of the judged cells alone.
 */
#ifndef COMPARE_ADVICE_H
#define COMPARE_ADVICE_H

#include "compare/comparison.h"

/* In the order of the rule. */
enum advice_fate {
	ADVICE_CHOSEN,
	ADVICE_NO_MODEL, /* another's server, or the reference once more */
	ADVICE_FAILED,   /* or was not measured */
	ADVICE_UNSERVED, /* connections got no reply */
	ADVICE_ERRORS,
	ADVICE_SLOWER, /* its p99 is worse */
	ADVICE_DEARER, /* its CPU per request is more */
	ADVICE_BIGGER, /* its memory is more */
};

struct advice {
	int choice;               /* the contestant's place, or -1: none is fit for it */
	enum advice_fate decider; /* what the last others were left out for */
	enum advice_fate fate[COMPARISON_CONTESTANTS_MAX + 1];
};

struct advice advice_on(const struct comparison *c, unsigned load);

/* The choice for the whole: of those that are fit for all loads for which anybody is, the one that
 * is chosen for most; among equals, that of the last load, which has most connections.  Where
 * nobody is fit for all, that of the last load.  -1: there is none. */
int advice_on_all(const struct comparison *c);

#endif
