/* SPDX-License-Identifier: MIT */
/*
 * What a connection sends: an endless stream of messages of one size, each different.  The bytes at
 * any place can be made again, so nothing that is under way needs to be kept to check its reply.  A
 * message begins with eight bytes that are unique to (owner, number); the rest is a piece of a
 * common pad that begins at a place chosen by them.  So a reply that is stale, or another's, is
 * found out.
 */
#ifndef COMPARE_MESSAGE_H
#define COMPARE_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

struct message {
	size_t size;
	unsigned char *pad;
};

int message_init(struct message *m, size_t size); /* 0 or -ENOMEM */
void message_free(struct message *m);

/* Writes the n bytes of owner's stream that begin at position at. */
void message_bytes(const struct message *m, uint32_t owner, uint64_t at, void *out, size_t n);

#endif
