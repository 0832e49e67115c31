/* SPDX-License-Identifier: MIT */
/*
 * A comparison: each contestant under each load, in rounds.  A cell is one of them under one load;
 * a round visits all contestants of a load one after the other in random order (rounds.h), so that
 * what drifts on the machine hits all alike.  Each visit has a server of its own, in an empty
 * directory of its own, so that memory, processes and what is on disk are those of this load.
 *
 * One of them is the reference, and takes part twice.  The ratio of another to it is that of each
 * round; its ratio to itself, to its twin, says what is noise.
 */
#ifndef COMPARE_COMPARISON_H
#define COMPARE_COMPARISON_H

#include "compare/interval.h"
#include "compare/load/load.h"
#include "compare/measure/workers.h"
#include "compare/stage/contestant.h"
#include "compare/stage/environment.h"
#include "compare/stage/host.h"
#include "compare/statistics.h"
#include "compare/sweep.h"

#include <stdio.h>

enum {
	COMPARISON_CONNECTIONS_MAX = 16,
	COMPARISON_MODES = 2,
	COMPARISON_CONTESTANTS_MAX = 32,
	COMPARISON_ROUNDS_LEAST = 3, /* for intervals */
	COMPARISON_NARROW_LEAST = 5, /* before these, an interval may be narrow by mere chance */
};

struct baseline;
struct scenario;
struct script;
struct talk;

struct comparison_options {
	struct contestant contestants[COMPARISON_CONTESTANTS_MAX + 1]; /* and the twin */
	unsigned connections[COMPARISON_CONNECTIONS_MAX];
	enum load_mode modes[COMPARISON_MODES];
	unsigned contestant_count, connections_count, mode_count;
	unsigned rounds;       /* just so many; 0: until intervals are narrow or time is spent */
	const char *reference; /* the contestant whom ratios are to; NULL: one that is chosen */
	bool syscalls;         /* counted, too; slows the servers */
	unsigned seed;         /* of the order of visits; 0: one that is chosen */
	size_t size;           /* of a message */
	double duration;  /* seconds of each load; 0: so that there are some rounds within budget */
	double warmup;    /* seconds before each */
	double budget;    /* seconds for all, but for the least number of rounds */
	double limit;     /* seconds for these; 0: as many as they take */
	double precision; /* the width of an interval, as a part of its median, that will do */
	const struct talk *talk;     /* what clients say in the place of messages, or NULL */
	const struct script *script; /* of it, or NULL */
	unsigned pipeline; /* requests under way on a connection; 0: as the scenario has it */
	const struct scenario *scenario; /* whose load it is, or NULL */
	const char *config;              /* its first service is compared; NULL: an echo service */
	const char *server;              /* the serving program; NULL: where it is to be found */
	struct sweep_options sweep;      /* after the rounds */
	int stop_fd;                     /* ends all when it becomes readable, or -1 */
	FILE *progress;                  /* where it is told, or NULL */
	char part[96];                   /* which of several comparisons it is, or "" */
};

struct cell {
	const struct contestant *contestant;
	enum load_mode mode;
	unsigned connections;
	struct sweep_visit *visit; /* that it is made for, or NULL: it is one of the rounds */
	struct sample *samples;
	unsigned count; /* of samples, which is that of its load's rounds unless it failed */
	struct interval median[METRICS]; /* of the samples */
	struct interval ratio[METRICS];  /* to the reference, in pairs of the same round */
	enum verdict verdict[METRICS];   /* on the ratio */
	bool rss;                        /* memory is RSS, see tree.h */
	struct load_errors errors;       /* of all its loads */
	struct histogram latency;        /* of all rounds */
	struct workers workers;   /* what each has served in the last load; none: not known */
	struct histogram *labels; /* latencies of all rounds by the script's labels, or NULL */
	struct company_count company[COMPANY_KINDS]; /* of all rounds, how those beside it fared */
	char wrong[200];         /* the first line that the script did not expect, or "" */
	unsigned late, overload; /* rounds that were, of an open loop; see load.h */
	char *config;            /* the server's, as it was used, or NULL */
	unsigned stubborn;       /* servers that had to be killed */
	char failure[768];       /* the first one: why a load could not be measured, or "" */
};

struct comparison {
	struct comparison_options options; /* with the duration and the seed that were chosen, and
					      the twin */
	struct cell *cells;                /* by mode, then connections, then contestant */
	struct sweep sweep;
	struct baseline *baseline; /* an earlier one that it is set beside, or NULL; its own */
	double seconds;            /* that it took */
	struct host host;
	struct environment environment;
	unsigned reference, twin; /* among the contestants; both the same: there is no twin */
	unsigned count;           /* of cells */
	bool interrupted;
	char twin_name[64];
};

/* Runs it.  0, when all was tried (cells tell how that went) or it was interrupted; a negative
 * errno and a sentence in why, when it could not begin.  comparison_free() in any case. */
int comparison_run(struct comparison *c, const struct comparison_options *o, char *why,
		   size_t size);
void comparison_free(struct comparison *c);

/* Whether one of the contestants is a model; else there is none to recommend. */
bool comparison_any_model(const struct comparison_options *o);

unsigned comparison_loads(const struct comparison *c);

/* The rounds that were finished of a load. */
unsigned comparison_rounds(const struct comparison *c, unsigned load);

/* What the reference differed from itself under a load, as a part of 1; 0 where that is not known.
 */
double comparison_noise(const struct comparison *c, unsigned load, enum metric m);

/* Whether no load failed, was left without any reply, or got a wrong one. */
bool comparison_well(const struct comparison *c);

#endif
