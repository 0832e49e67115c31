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

/* Of 31 bits, so that it can be typed again, and read from JSON by whatever holds numbers in
 * doubles. */
uint64_t chance_seed(void)
{
	struct timespec now;
	uint32_t seed;

	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) == (ssize_t)sizeof(seed))
		return seed >> 1;
	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_nsec ^ (uint64_t)getpid();
}
