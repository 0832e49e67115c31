/* SPDX-License-Identifier: MIT */
/* What settings point to, freed at once; and where in the config each of them was given. */
#ifndef CONFIG_MEMORY_H
#define CONFIG_MEMORY_H

#include <stddef.h>

struct memory_block;

struct memory_origin {
	const void *field;
	int line;         /* that gave it */
	const char *type; /* of a plugin or model, as it was given; borrowed, else NULL */
	struct memory_origin *next;
};

struct config_memory {
	struct memory_block *blocks;
	struct memory_origin *origins;
	const char *file;
};

/* Zeroed, aligned for anything; NULL: out of memory. */
void *memory_alloc(struct config_memory *m, size_t count, size_t size);
const char *memory_text(struct config_memory *m, const char *text);

void memory_note(struct config_memory *m, const void *field, int line, const char *type);
const struct memory_origin *memory_find(const struct config_memory *m, const void *field);
int memory_line(const struct config_memory *m, const void *field); /* 0: it has its default */

void memory_clear(struct config_memory *m);

#endif
