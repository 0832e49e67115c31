/* SPDX-License-Identifier: MIT */
/*
 * The turn of writers: only who has it begins a transaction that writes.
 *
 * It is the lock (flock) of a file beside the board's, FILE-queue, so that the kernel takes it from
 * one that is killed.  The file's first bytes, which all map, hold nothing but hints: a count that
 * who waits sleeps on, in the kernel and in order, until it moves or its time is over; since when
 * the turn is had, and what for.  Were they wrong, one would look again too late, or be told too
 * early that it is busy.
 *
 * Nobody waits for ever: not longer than TURN_WAIT_MS; not for one who has had it for
 * TURN_STUCK_MS; nor for a long work (store_begin_long()) that has lasted TURN_LONG_MS.
 */
#ifndef BOARD_SQLITE_TURN_H
#define BOARD_SQLITE_TURN_H

#include "../store.h"

enum { TURN_WAIT_MS = 10000, TURN_STUCK_MS = 5000, TURN_LONG_MS = 500 };

struct turn {
	int fd;
	struct turn_hints *hints;
	bool had;
};

/* Opens the file beside the board's.  0 or a negative errno.  turn_close() is due in any case, also
 * of a turn that was only set to TURN_NONE. */
#define TURN_NONE ((struct turn) { .fd = -1 })
int turn_open(struct turn *t, const char *file);
void turn_close(struct turn *t);

/* Waits for the turn, for a work or 0.  Returns how many of the TURN_WAIT_MS are left; -EBUSY, and
 * why points to a text; another negative errno.  Who has it may take it again. */
int turn_take(struct turn *t, enum store_work work, const char **why);
void turn_give(struct turn *t);

#endif
