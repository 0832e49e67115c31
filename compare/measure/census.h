/* SPDX-License-Identifier: MIT */
/* Who there is: one pass over /proc, and who of them belongs to a server. */
#ifndef COMPARE_CENSUS_H
#define COMPARE_CENSUS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct process_ticks {
	uint64_t user, system; /* of 1/sysconf(_SC_CLK_TCK) s */
};

struct process {
	pid_t pid, parent;
	char state;
	bool inside; /* it is the root that was asked for, or below it */
	unsigned threads;
	uint64_t minor_faults, major_faults; /* those of children it has waited for included */
	uint64_t pages;                      /* resident */
	struct process_ticks own, waited;    /* of its threads; of children it has waited for */
};

struct census {
	struct process *all; /* by pid */
	size_t count, room;
};

/* Reads all processes and marks root and all below it: 0, -ESRCH if there is no such process, or
 * another negative errno.  census_free() in any case. */
int census_take(struct census *c, pid_t root);
void census_free(struct census *c);

/* Reads a file of process pid into buf, NUL-terminated: the length or a negative errno. */
ssize_t proc_file(pid_t pid, const char *name, char *buf, size_t size);

#endif
