/* SPDX-License-Identifier: MIT */
/*
 * Looks at a server at the moments of a load (load.h).  With kept connections what is counted is
 * that of the measured time.  With one connection per request, what a connection costs lies before
 * and after its reply, and with many of them under way most of it may lie beyond the measured time;
 * so there it is that of the whole run, from the first connection to the end of the last.  The
 * accept queue is looked at in the measured time.
 */
#ifndef COMPARE_WATCHER_H
#define COMPARE_WATCHER_H

#include "compare/load/load.h"
#include "compare/measure/accept_queue.h"
#include "compare/measure/processor.h"
#include "compare/measure/syscalls.h"
#include "compare/measure/tasks.h"
#include "compare/measure/tree.h"
#include "compare/measure/workers.h"
#include "compare/statistics.h"

struct rusage;

struct watcher {
	pid_t root;    /* of the server's processes; 0: they are not known */
	int processor; /* the one CPU that it has, or -1 */
	int err;       /* the first failure to look, or 0 */
	bool whole;    /* what is counted is that of the whole run */
	bool counted;  /* from its beginning to its end */
	bool switches_known, syscalls_known;
	bool counts_syscalls;               /* asked for */
	struct tree_usage begin, end, open; /* open: with all connections open, memory too */
	struct processor_time processor_begin, processor_end;
	struct tasks tasks; /* at the beginning */
	struct switches switches;
	struct workers workers_begin, workers; /* requests of each, at its beginning */
	size_t worker_count;                   /* 0: they are not known */
	struct syscalls syscalls;              /* the counters */
	uint64_t syscalls_begin, syscalls_had;
	struct accept_queue queue;
};

/* Makes the load look at the tree of root; its mode and target have been set.  watcher_free() in
 * any case. */
void watcher_init(struct watcher *w, pid_t root, struct load_options *o);
void watcher_free(struct watcher *w);

/* Counts system calls, too, which costs the server time (syscalls.h). */
void watcher_count_syscalls(struct watcher *w);

/* What wait4() told of the server when it had ended: with that the context switches of threads and
 * children that have ended are known, too, where those of the whole run are counted. */
void watcher_ended(struct watcher *w, const struct rusage *life);

uint64_t watcher_requests(const struct watcher *w, const struct load_result *r);

/* Microseconds of the server's CPU per request; NaN if there was none. */
double watcher_cpu_us(const struct watcher *w, const struct load_result *r);

/* Hands over what each worker has served; none, if it is not known. */
void watcher_give_workers(struct watcher *w, struct workers *to);

/* Fills in the metrics of the server; NaN is what is not known. */
void watcher_sample(const struct watcher *w, const struct load_result *r, struct sample *s);

#endif
