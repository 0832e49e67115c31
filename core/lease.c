/* SPDX-License-Identifier: MIT */
#include "core/lease.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { SPARES_KEPT = 64 };

struct lease_block {
	struct lease_block *next;
	_Alignas(16) char data[];
};

/* Mapped and not allocated: pages that are never touched cost nothing. */
static struct lease *lease_map(void)
{
	struct lease *l =
		mmap(NULL, sizeof(*l), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return l == MAP_FAILED ? NULL : l;
}

void lease_prepare(struct lease_pool *pool)
{
	if (!pool->prepared)
		pool->prepared = lease_map();
}

struct lease *lease_take(struct lease_pool *pool)
{
	struct lease *l = pool->spare;

	if (l) {
		pool->spare = l->next;
		pool->spares--;
		return l;
	}
	l = pool->prepared ? pool->prepared : lease_map();
	pool->prepared = NULL;
	if (l)
		l->out_len = 0; /* a page that is read first is faulted in twice */
	return l;
}

void lease_return(struct lease_pool *pool, struct lease *l)
{
	if (!l)
		return;
	lease_free_all(l);
	l->out_len = 0;
	if (pool->spares >= SPARES_KEPT) {
		munmap(l, sizeof(*l));
		return;
	}
	l->next = pool->spare;
	pool->spare = l;
	pool->spares++;
}

void lease_pool_finish(struct lease_pool *pool)
{
	while (pool->spare) {
		struct lease *l = pool->spare;

		pool->spare = l->next;
		munmap(l, sizeof(*l));
	}
	pool->spares = 0;
	if (pool->prepared)
		munmap(pool->prepared, sizeof(*pool->prepared));
	pool->prepared = NULL;
}

void *lease_alloc(struct lease *l, size_t size)
{
	struct lease_block *b;
	void *at;

	if (size > SIZE_MAX - 64)
		return NULL;
	size = (size + 15) & ~(size_t)15;
	if (size <= LEASE_ARENA - l->arena_used) {
		at = l->arena + l->arena_used;
		l->arena_used += size;
		return at;
	}
	b = malloc(sizeof(*b) + size);
	if (!b)
		return NULL;
	b->next = l->blocks;
	l->blocks = b;
	return b->data;
}

void lease_free_blocks(struct lease *l)
{
	while (l->blocks) {
		struct lease_block *b = l->blocks;

		l->blocks = b->next;
		free(b);
	}
}
