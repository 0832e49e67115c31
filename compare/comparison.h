/* SPDX-License-Identifier: MIT */
/*
 * A comparison: each contestant under each load, in so many rounds.  A cell is one of them under
 * one load; a round visits every cell once and all contestants of a load one after the other,
 * beginning with another each time, so that what drifts on the machine hits all alike.  Each visit
 * has a server of its own, in an empty directory of its own, so that memory, processes and what is
 * on disk are those of this load.
 */
#ifndef COMPARE_COMPARISON_H
#define COMPARE_COMPARISON_H

#include "compare/load/load.h"
#include "compare/measure/workers.h"
#include "compare/stage/contestant.h"
#include "compare/stage/host.h"
#include "compare/statistics.h"

#include <stdio.h>

enum { COMPARISON_CONNECTIONS_MAX = 16, COMPARISON_MODES = 2, COMPARISON_CONTESTANTS_MAX = 32 };

struct comparison_options {
	struct contestant contestants[COMPARISON_CONTESTANTS_MAX];
	unsigned connections[COMPARISON_CONNECTIONS_MAX];
	enum load_mode modes[COMPARISON_MODES];
	unsigned contestant_count, connections_count, mode_count, rounds;
	size_t size; /* of a message */
	double duration,
		warmup; /* seconds of each load; duration 0: so that all takes < 3 minutes */
	const struct script *script; /* what clients say in the place of messages, or NULL */
	const char *config;          /* its first service is compared; NULL: an echo service */
	const char *server;          /* the serving program; NULL: where it is to be found */
	int stop_fd;                 /* ends all when it becomes readable, or -1 */
	FILE *progress;              /* a terminal, or NULL */
};

struct cell {
	const struct contestant *contestant;
	enum load_mode mode;
	unsigned connections;
	struct sample *samples;
	unsigned count;            /* of samples */
	bool rss;                  /* memory is RSS, see tree.h */
	struct load_errors errors; /* of all its loads */
	struct histogram latency;  /* of all rounds */
	struct workers workers;    /* what each has served in the last load; none: not known */
	struct histogram *labels;  /* latencies of all rounds by the script's labels, or NULL */
	char wrong[200];           /* the first line that the script did not expect, or "" */
	unsigned stubborn;         /* servers that had to be killed */
	char failure[768];         /* the first one: why a load could not be measured, or "" */
};

struct comparison {
	struct comparison_options options; /* with the duration that was chosen */
	struct host host;
	struct cell *cells; /* by mode, then connections, then contestant */
	unsigned count;
	bool interrupted;
};

/* Runs it.  0, when all was tried (cells tell how that went) or it was interrupted; a negative
 * errno and a sentence in why, when it could not begin.  comparison_free() in any case. */
int comparison_run(struct comparison *c, const struct comparison_options *o, char *why,
		   size_t size);
void comparison_free(struct comparison *c);

/* Whether no load failed, was left without any reply, or got a wrong one. */
bool comparison_well(const struct comparison *c);

#endif
