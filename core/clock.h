/* SPDX-License-Identifier: MIT */
/* The one clock: milliseconds of CLOCK_MONOTONIC. */
#ifndef CORE_CLOCK_H
#define CORE_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Until what found no room, where there was said to be some, is tried again. */
enum { NAP_MS = 10 };

static inline int64_t clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* What is left of ms that began at start: MODUS_FOREVER (-1) stays, the rest is never negative. */
static inline int clock_left(int ms, int64_t start, int64_t now)
{
	int64_t left = ms - (now - start);

	return ms < 0 ? ms : left < 0 ? 0 : (int)left;
}

/* The shorter of two times, of which each may be MODUS_FOREVER. */
static inline int clock_sooner(int a, int b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

#endif
