/* SPDX-License-Identifier: MIT */
#include "compare/chance.h"

#include <sys/random.h>
#include <time.h>
#include <unistd.h>

uint64_t chance_next(struct chance *c)
{
	uint64_t z = c->state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

/* The upper half times n: without the division, and as even as any n below 2^32 needs here. */
unsigned chance_below(struct chance *c, unsigned n)
{
	return (unsigned)((chance_next(c) >> 32) * n >> 32);
}

void chance_shuffle(struct chance *c, unsigned *numbers, unsigned n)
{
	while (n > 1) {
		unsigned other = chance_below(c, n--);
		unsigned number = numbers[other];

		numbers[other] = numbers[n];
		numbers[n] = number;
	}
}

unsigned chance_seed(void)
{
	struct timespec now;
	unsigned seed;

	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) == (ssize_t)sizeof(seed))
		return (seed >> 1) + 1;
	clock_gettime(CLOCK_REALTIME, &now);
	return ((unsigned)now.tv_nsec ^ (unsigned)getpid()) + 1;
}
