/* SPDX-License-Identifier: MIT */
/*
 * A lease is the memory that a connection needs only while it is served: input and output buffers
 * and what modus_alloc() gives.  A worker lends it and gets it back when the connection parks, so a
 * busy connection finds the cache-warm buffers of the one before it.
 */
#ifndef CORE_LEASE_H
#define CORE_LEASE_H

#include <stddef.h>

enum {
	LEASE_INPUT =
		64 * 1024 + 2,    /* longest peek, longest datagram, longest line with its CR LF */
	LEASE_OUTPUT = 16 * 1024, /* gathered before a stream is sent */
	LEASE_ARENA = 4 * 1024,   /* of modus_alloc() without malloc() */
};

struct lease {
	struct lease *next; /* in its worker's pool */
	size_t out_len;     /* bytes gathered in out */
	size_t arena_used;
	struct lease_block *blocks; /* of modus_alloc() beyond the arena */
	char in[LEASE_INPUT + 8];   /* and the NUL of a line; a short request lies in this page */
	char out[LEASE_INPUT];      /* a whole datagram; streams use LEASE_OUTPUT of it */
	_Alignas(16) char arena[LEASE_ARENA];
};

struct lease_pool { /* zeroed is empty */
	struct lease *spare;
	unsigned spares;
	struct lease *prepared; /* mapped and not touched yet */
};

/* Maps the next one that is taken beforehand: for a child, for which a mapping that it finds is
 * cheaper than one that it makes. */
void lease_prepare(struct lease_pool *pool);

struct lease *lease_take(struct lease_pool *pool);           /* NULL: out of memory */
void lease_return(struct lease_pool *pool, struct lease *l); /* NULL is fine */
void lease_pool_finish(struct lease_pool *pool);

void *lease_alloc(struct lease *l, size_t size); /* NULL: out of memory */

/* Takes back what lease_alloc() gave. */
void lease_free_blocks(struct lease *l);
static inline void lease_free_all(struct lease *l)
{
	if (l->blocks)
		lease_free_blocks(l);
	l->arena_used = 0;
}

#endif
