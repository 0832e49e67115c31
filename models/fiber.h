/* SPDX-License-Identifier: MIT */
/*
 * Fibers: stacks that one thread switches between.  A fiber runs one call at a time, is used again
 * for the next, and never changes its thread.
 *
 * The stacks of a pool stand in one reserved region, each above a guard of 64 KiB, so that a large
 * frame cannot step over it.  Pages are touched as they are needed and kept.
 */
#ifndef MODELS_FIBER_H
#define MODELS_FIBER_H

#include <stdbool.h>
#include <stddef.h>

struct fiber;
typedef void fiber_main(void *arg);

/* Where a switch goes to or comes from. */
struct fiber_side {
	void *sp;
	/* for the sanitizers: the extent of the stack, what they keep of it */
	const void *bottom;
	size_t size;
	void *fake, *thread;
};

struct fiber_pool {
	char *region;
	size_t stack, stride, count, used; /* bytes, bytes with guard, fibers, fibers ever taken */
	bool light_guards;                 /* the kernel's, which need no mapping of their own */
	struct fiber *spare;
	struct fiber_side caller; /* the thread's own stack */
	struct fiber *running;
};

/* Reserves count stacks of at least stack bytes, for one thread.  0, -ENOMEM; -ERANGE: the
 * kernel's limit on mappings (vm.max_map_count) does not allow for as many. */
int fiber_pool_open(struct fiber_pool *p, size_t count, size_t stack);
void fiber_pool_close(struct fiber_pool *p); /* no fiber may be in use */

/* Takes a fiber, the one that was returned last if any is free; NULL: none is left. */
struct fiber *fiber_take(struct fiber_pool *p);
void fiber_return(struct fiber_pool *p, struct fiber *f);

/* Runs main(arg) on f until it returns (true) or suspends (false). */
bool fiber_start(struct fiber_pool *p, struct fiber *f, fiber_main *main, void *arg);
/* Goes on where f suspended; likewise. */
bool fiber_resume(struct fiber_pool *p, struct fiber *f);
/* On a fiber: back to who started or resumed it.  Keeps errno. */
void fiber_suspend(struct fiber_pool *p);

/* Whether address is within a guard: a stack has overflowed. */
bool fiber_guards(const struct fiber_pool *p, const void *address);

#endif
