/* SPDX-License-Identifier: MIT */
/*
 * Looks at a server at the moments of a load (load.h).  With kept connections the CPU is that of
 * the measured time.  With one connection per request, what a connection costs lies before and
 * after its reply, and with many of them under way most of it may lie beyond the measured time; so
 * there it is that of the whole run, from the first connection to the end of the last.
 */
#ifndef COMPARE_WATCHER_H
#define COMPARE_WATCHER_H

#include "compare/load/load.h"
#include "compare/measure/tree.h"

struct watcher {
	pid_t root;                         /* of the server's processes */
	bool whole;                         /* the CPU is that of the whole run */
	struct tree_usage begin, end, open; /* open: with all connections open, memory too */
	int err;                            /* the first failure to look, or 0 */
};

/* Makes the load look at the tree of root; its mode has been set. */
void watcher_init(struct watcher *w, pid_t root, struct load_options *o);

uint64_t watcher_requests(const struct watcher *w, const struct load_result *r);

/* Microseconds of the server's CPU per request; 0 if there was none. */
double watcher_cpu_us(const struct watcher *w, const struct load_result *r);

#endif
