/* SPDX-License-Identifier: MIT */
#include "compare/load/message.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { TURNS = 4096 };

/* A bijection whose every output bit depends on every input bit (the finalizer of splitmix64). */
static uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
	return x ^ (x >> 31);
}

int message_init(struct message *m, size_t size)
{
	m->size = size;
	m->pad = malloc(size + TURNS);
	if (!m->pad)
		return -ENOMEM;
	for (size_t i = 0; i < size + TURNS; i++)
		m->pad[i] = (unsigned char)mix(i);
	return 0;
}

void message_free(struct message *m)
{
	free(m->pad);
	m->pad = NULL;
}

static void message_part(const struct message *m, uint64_t id, size_t from, unsigned char *out,
			 size_t n)
{
	unsigned char head[sizeof(id)];
	size_t in_head = from < sizeof(head) ? sizeof(head) - from : 0;

	memcpy(out, m->pad + id % TURNS + from, n);
	memcpy(head, &id, sizeof(head));
	if (in_head)
		memcpy(out, head + from, in_head < n ? in_head : n);
}

void message_bytes(const struct message *m, uint32_t owner, uint64_t at, void *out, size_t n)
{
	unsigned char *to = out;
	uint64_t number = at / m->size;
	size_t from = (size_t)(at % m->size);

	while (n) {
		size_t part = n < m->size - from ? n : m->size - from;

		message_part(m, mix((uint64_t)owner << 40 ^ number), from, to, part);
		to += part;
		n -= part;
		number++;
		from = 0;
	}
}
