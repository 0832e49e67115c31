/* SPDX-License-Identifier: MIT */
/* Tells a fiber's stack overflow from other crashes: says so, with the setting to raise. */
#ifndef MODELS_OVERFLOW_H
#define MODELS_OVERFLOW_H

#include "models/fiber.h"

#include <signal.h>

struct overflow { /* of one thread */
	void *stack;
	const struct fiber_pool *before;
	stack_t others; /* the thread's own */
};

/* From here on the calling thread, which runs p's fibers, handles its faults on a stack of its own.
 * 0 or -ENOMEM. */
int overflow_watch(struct overflow *o, const struct fiber_pool *p);
void overflow_unwatch(struct overflow *o);

#endif
