/* SPDX-License-Identifier: MIT */
/* What makes a run harder: variation by a seed, and calls that fail. */
#ifndef TESTING_TRIAL_H
#define TESTING_TRIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct modus_conn;

enum { TRIAL_CALLS = 14 };

struct trial {
	bool varied;
	unsigned seed;
	uint64_t random;
	uint64_t calls; /* since anything was moved */
	struct {
		unsigned left; /* calls to the one that fails, itself included; 0: none does */
		int error;
		bool failed;
	} fail[TRIAL_CALLS];
};

/* Whether something happens that happens once in n times; never unless the run varies. */
bool trial_happens(struct trial *r, unsigned once_in);
/* One of n. */
size_t trial_choose(struct trial *r, size_t n);
/* How much of n is moved at once: all, or a piece of at least one. */
size_t trial_piece(struct trial *r, size_t n);

/* The strategy's called(). */
int trial_called(struct modus_conn *c, const char *call);

#endif
