/* SPDX-License-Identifier: MIT */
/*
 * How many requests each worker of a modus server has served: read out of its scoreboard
 * (core/counters.h), whose mapping has a name in /proc/PID/maps.  The server takes no notice.  A
 * worker is a slot of the scoreboard: a thread of pool, a loop of epoll; with fork and thread a
 * place that one connection after the other has.
 */
#ifndef COMPARE_WORKERS_H
#define COMPARE_WORKERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct worker_count {
	uint64_t requests; /* and datagrams */
	bool there;        /* it runs, and not as a helper of others */
	bool accepts;      /* it has accepted connections */
};

struct workers {
	struct worker_count *all;
	size_t count;
};

/* Reads the scoreboards of process root, one after the other: 0; -ENOENT, if it has none; -EPROTO,
 * if it is not as this program knows it; or another negative errno.  workers_free() in any case, w
 * being empty or zeroed before. */
int workers_read(pid_t root, struct workers *w);
void workers_free(struct workers *w);

/* What each has served between two looks: of those that were there at one of them or have served,
 * but for those that accept and never serve.  Their number, and their requests at the beginning of
 * end->all; 0, if the looks do not fit. */
size_t workers_between(const struct workers *begin, struct workers *end);

/* Jain's index over the first count: 1, if all have served alike, 1/count, if one has served all;
 * NaN, if nobody has served anything. */
double workers_balance(const struct workers *w, size_t count);

#endif
