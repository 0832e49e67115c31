/* SPDX-License-Identifier: MIT */
/*
 * Which model to choose, by a rule that can be followed by hand:
 * 1. of the models that served all connections, without an error,
 * 2. the one with the least p99, and those whose p99 is no worse than that;
 * 3. of these likewise those with the least server CPU per request;
 * 4. of these the one with the least memory.
 * Worse is what the ratio to the best says, round by round, as the verdicts do (judgement.h). Where
 * the rounds cannot tell, but the median says that it would matter, it counts as worse, and the
 * choice is not sure.  A function of the judged cells alone.
 */
#ifndef COMPARE_ADVICE_H
#define COMPARE_ADVICE_H

#include "compare/comparison.h"

/* In the order of the rule. */
enum advice_fate {
	ADVICE_CHOSEN,
	ADVICE_NO_MODEL, /* another's server, or the reference once more */
	ADVICE_FAILED,   /* or was not measured */
	ADVICE_LATE,     /* the client was, in all rounds: it was measured, not the server */
	ADVICE_UNSERVED, /* connections got no reply, or none any more */
	ADVICE_ERRORS,
	ADVICE_SLOWER, /* its p99 is worse */
	ADVICE_DEARER, /* its CPU per request is more */
	ADVICE_BIGGER, /* its memory is more */
	ADVICE_FATES
};

extern const char *const advice_fate_names[ADVICE_FATES]; /* "slower", as in the JSON record */

/* By how much a contestant is worse than the best one there was at that step of the rule. */
struct advice_ratio {
	int to; /* the best one's place */
	struct interval of;
	enum verdict verdict;
};

struct advice {
	int choice;               /* the contestant's place, or -1: none is fit for it */
	bool sure;                /* nobody was left out of whom the rounds cannot tell */
	enum advice_fate decider; /* what the last others were left out for */
	enum advice_fate fate[COMPARISON_CONTESTANTS_MAX + 1];
	struct advice_ratio ratio[COMPARISON_CONTESTANTS_MAX + 1]; /* of the slower and dearer */
};

/* Whether its clients spent much of their time on requests that had no reply. */
bool advice_stalled(const struct cell *cell);

struct advice advice_on(const struct comparison *c, unsigned load);

/* The choice for the whole: of those that are fit for all loads for which anybody is, the one that
 * is chosen for most; among equals, that of the last load, which has most connections.  -1: nobody
 * is fit for all. */
int advice_on_all(const struct comparison *c);

/* Numbers of connections, each more than the last, for which the choice is the same. */
struct advice_range {
	enum load_mode mode;
	unsigned from, to; /* of those that were measured */
	int choice;
	bool sure;        /* for all of them */
	bool first, last; /* of its mode */
};

enum { ADVICE_RANGES = COMPARISON_MODES * COMPARISON_CONNECTIONS_MAX };

/* By mode, then connections; how many there are. */
unsigned advice_ranges(const struct comparison *c, struct advice_range ranges[ADVICE_RANGES]);

#endif
