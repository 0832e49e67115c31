/* SPDX-License-Identifier: MIT */
#include "throttle.h"

#include <netinet/in.h>
#include <stddef.h>
#include <time.h>

/* FNV-1a. */
static uint32_t hash(const void *bytes, size_t n)
{
	const unsigned char *at = bytes;
	uint32_t h = 2166136261u;

	while (n--)
		h = (h ^ *at++) * 16777619u;
	return h;
}

unsigned throttle_place(const struct sockaddr *client)
{
	const struct sockaddr_in *v4 = (const void *)client;
	const struct sockaddr_in6 *v6 = (const void *)client;

	if (client->sa_family == AF_INET)
		return hash(&v4->sin_addr, sizeof(v4->sin_addr)) % THROTTLE_PLACES;
	if (client->sa_family == AF_INET6)
		return hash(&v6->sin6_addr, 8) % THROTTLE_PLACES;
	return 0;
}

int64_t throttle_wait(struct throttle *t, unsigned place, int64_t now)
{
	uint32_t failures = atomic_load(&t->places[place].failures);
	int64_t last = atomic_load(&t->places[place].last), wait = 1;
	int64_t tried = atomic_load(&t->places[place].tried);

	if (failures < THROTTLE_FREE || now - last >= THROTTLE_FORGET * 1000)
		return 0;
	for (uint32_t i = THROTTLE_FREE; i < failures && wait < THROTTLE_MAX; i++)
		wait *= 2;
	if (wait > THROTTLE_MAX)
		wait = THROTTLE_MAX;
	last = tried > last ? tried : last;
	if (now - last < wait * 1000)
		return (last + wait * 1000 - now + 999) / 1000;
	return atomic_compare_exchange_strong(&t->places[place].tried, &tried, now) ? 0 : wait;
}

void throttle_passed(struct throttle *t, unsigned place)
{
	if (atomic_load(&t->places[place].tried))
		atomic_store(&t->places[place].tried, 0);
}

void throttle_failed(struct throttle *t, unsigned place, int64_t now)
{
	if (now - atomic_exchange(&t->places[place].last, now) >= THROTTLE_FORGET * 1000)
		atomic_store(&t->places[place].failures, 0);
	atomic_fetch_add(&t->places[place].failures, 1);
}

int64_t throttle_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}
