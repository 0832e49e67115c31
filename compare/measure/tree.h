/* SPDX-License-Identifier: MIT */
/*
 * What a process and all below it use, read from /proc in one pass over all processes.
 *
 * CPU: each live process's own clock (clock_getcpuclockid(): nanoseconds, its ended threads
 * included) and the time of the children it has waited for (from stat, in ticks of 10 ms, which the
 * kernel rounds only here: an error of at most 20 ms per process that has children).  A child is in
 * the one or the other, so it counts once; a few that are reaped while the pass runs may be missed.
 * Children that a parent ignores (SIGCHLD ignored) are nobody's and missing.
 *
 * User and system: in ticks, by where the clock met the process.  Of what has had little CPU, that
 * is a guess and always the same one, so it is told how much that is (waited, faint).
 *
 * Page faults: of live processes and of children that were waited for, exactly.
 *
 * Memory: the sum of proportional shares (PSS), which counts a page shared by n processes 1/n times
 * each.  Reading it takes some 0.1 ms per process, so it is for moments that are not measured;
 * large trees, and those that may not be read, give resident pages (RSS), which count shared ones
 * each time.  What the kernel holds for them (sockets, kernel stacks, page tables) is in neither.
 *
 * Peak: the memory now, and how far each process that lives was above that, by the kernel's own
 * high-water mark of its resident pages.  An upper bound: what was given back counts as nobody
 * else's, and the marks need not be of one moment.  Children that have ended are missing.
 */
#ifndef COMPARE_TREE_H
#define COMPARE_TREE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { TREE_PSS_MAX = 1024 }; /* processes up to which PSS is read */

struct tree_usage {
	double cpu;          /* seconds, user and system */
	double user, system; /* seconds, of 10 ms each */
	double waited,
		faint; /* seconds: of children waited for, of live processes with < 40 ms each */
	uint64_t minor_faults, major_faults;
	uint64_t memory, peak;       /* bytes; 0 if not asked for */
	bool rss;                    /* memory is RSS */
	unsigned processes, threads; /* that live; zombies do not */
};

/* Reads what the tree below and with root uses: 0, -ESRCH if there is no such process, or another
 * negative errno. */
int tree_read(pid_t root, bool memory, struct tree_usage *u);

#endif
