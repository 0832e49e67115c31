/* SPDX-License-Identifier: MIT */
/*
 * Context switches of all threads of a server.  The kernel tells them of each thread that lives;
 * what ended ones had is told to nobody but who waits for the process, at its end.  So between two
 * looks: where a thread of the first look is gone at the second, the sum is not known.
 */
#ifndef COMPARE_TASKS_H
#define COMPARE_TASKS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/types.h>

enum { TASKS_MAX = 4096 }; /* threads that are looked at; reading one takes some 10 us */

struct switches {
	uint64_t voluntary, involuntary; /* it waited; another had its turn */
};

struct task {
	pid_t tid;
	struct switches had;
};

struct tasks {
	struct task *all; /* by tid */
	size_t count, room;
};

/* Looks at all threads of root and of all below it: 0, -ESRCH if there is no such process, -E2BIG
 * if there are too many, or another negative errno.  tasks_free() in any case, which may be
 * repeated; t is empty or zeroed before. */
int tasks_read(pid_t root, struct tasks *t);
void tasks_free(struct tasks *t);

struct switches tasks_sum(const struct tasks *t);

/* Those between two looks: false, if threads have ended meanwhile.  Threads that came and went in
 * between are missing. */
bool tasks_between(const struct tasks *begin, const struct tasks *end, struct switches *out);

#endif
