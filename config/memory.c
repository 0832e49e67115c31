/* SPDX-License-Identifier: MIT */
/* Each block is an allocation of its own, so that a sanitizer sees the bounds of each. */
#include "config/memory.h"

#include "config/config.h"

#include <stdlib.h>
#include <string.h>

struct memory_block {
	struct memory_block *next;
	_Alignas(max_align_t) char bytes[];
};

void *memory_alloc(struct config_memory *m, size_t count, size_t size)
{
	struct memory_block *b;
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes) ||
	    __builtin_add_overflow(bytes, sizeof(*b), &bytes))
		return NULL;
	b = calloc(1, bytes);
	if (!b)
		return NULL;
	b->next = m->blocks;
	m->blocks = b;
	return b->bytes;
}

const char *memory_text(struct config_memory *m, const char *text)
{
	size_t n = strlen(text) + 1;
	char *copy = memory_alloc(m, n, 1);

	return copy ? memcpy(copy, text, n) : NULL;
}

/* Without memory for a note, the origin is merely not known. */
void memory_note(struct config_memory *m, const void *field, int line, const char *type)
{
	struct memory_origin *o = memory_alloc(m, 1, sizeof(*o));

	if (!o)
		return;
	*o = (struct memory_origin) { field, line, type, m->origins };
	m->origins = o;
}

const struct memory_origin *memory_find(const struct config_memory *m, const void *field)
{
	const struct memory_origin *o = m->origins;

	while (o && o->field != field)
		o = o->next;
	return o;
}

int memory_line(const struct config_memory *m, const void *field)
{
	const struct memory_origin *o = memory_find(m, field);

	return o ? o->line : 0;
}

void memory_clear(struct config_memory *m)
{
	while (m->blocks) {
		struct memory_block *next = m->blocks->next;

		free(m->blocks);
		m->blocks = next;
	}
	m->origins = NULL;
}

void config_free_memory(struct config_memory *memory)
{
	if (memory)
		memory_clear(memory);
	free(memory);
}
