/* SPDX-License-Identifier: MIT */
/*
 * Deadlines in a heap, lazily: to move one into the future costs nothing until its old time comes,
 * when it is put where it belongs.  So a connection that is parked after each request touches the
 * heap once in a deadline's length and not once a request.
 */
#ifndef CORE_DEADLINES_H
#define CORE_DEADLINES_H

#include <stddef.h>
#include <stdint.h>

#define DEADLINE_NEVER INT64_MAX

struct deadline {       /* within what it is for; zeroed is fine */
	int64_t due;    /* when it is due, now; DEADLINE_NEVER: not at all */
	uint32_t place; /* its place in the heap and 1; 0 = none */
	uint32_t kind;  /* its owner's, to tell what it is within */
};

struct deadlines { /* zeroed is empty */
	struct deadlines_entry {
		int64_t at; /* never later than deadline->due */
		struct deadline *deadline;
	} * heap;
	size_t count, room;
};

/* Sets d to be due at due.  0 or -ENOMEM (never for one that is in the heap already). */
int deadlines_set(struct deadlines *all, struct deadline *d, int64_t due);

/* Takes d out; fine if it is not in. */
void deadlines_cancel(struct deadlines *all, struct deadline *d);

/* Takes out and returns one that is due at now, or NULL. */
struct deadline *deadlines_pop(struct deadlines *all, int64_t now);

/* No deadline is due before this time; DEADLINE_NEVER if there is none. */
int64_t deadlines_next(const struct deadlines *all);

void deadlines_finish(struct deadlines *all); /* frees the heap, not the deadlines */

#endif
