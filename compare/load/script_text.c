/* SPDX-License-Identifier: MIT */
/* What a script's texts say, and whether a line is as a pattern wants it. */
#include "compare/load/script.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The generator is splitmix64. */
static uint64_t next_random(struct script_memory *m)
{
	uint64_t x = m->random += 0x9e3779b97f4a7c15;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
	return x ^ (x >> 31);
}

/* A value that is no number counts as 0. */
static int64_t bound(const struct script_part *p, const struct script_memory *m)
{
	return p->type == PART_VALUE ? strtoll(m->words[p->from], NULL, 10) : p->number;
}

static int64_t choose(const struct script_part *low, struct script_memory *m)
{
	int64_t from = bound(low, m), to = bound(low + 1, m);
	uint64_t width = to > from ? (uint64_t)to - (uint64_t)from + 1 : 1;

	return (int64_t)((uint64_t)from + (width ? next_random(m) % width : next_random(m)));
}

/* What a part says: a borrowed text, or digits in the buffer of 24 bytes. */
static const char *say(const struct script *s, const struct script_part *p, struct script_memory *m,
		       char *digits, size_t *n)
{
	const char *said = digits;

	*digits = '\0';
	if (p->type == PART_BYTES) {
		*n = p->size;
		return s->pool + p->from;
	}
	if (p->type == PART_VALUE)
		said = m->words[p->from];
	else if (p->type == PART_RUN)
		said = m->run;
	else if (p->type == PART_RANDOM)
		snprintf(digits, 24, "%" PRId64, choose(p + 1, m));
	else
		snprintf(digits, 24, "%" PRIu64, p->type == PART_ID ? m->id : m->n);
	*n = strlen(said);
	return said;
}

/* The part after this one: the bounds of a random number are parts of their own. */
static const struct script_part *next_part(const struct script_part *p)
{
	return p + (p->type == PART_RANDOM ? 3 : 1);
}

size_t script_write(const struct script *s, const struct script_text *t, struct script_memory *m,
		    char *out)
{
	const struct script_part *end = s->parts + t->first + t->count;
	char digits[24], *to = out;
	size_t n;

	for (const struct script_part *p = s->parts + t->first; p < end; p = next_part(p)) {
		const char *said = say(s, p, m, digits, &n);

		memcpy(to, said, n);
		to += n;
	}
	return (size_t)(to - out);
}

/* How many bytes of the line a word has; 0: there is none, or it is too long to be kept. */
static size_t word(const char *line, size_t n)
{
	size_t length = 0;

	while (length < n && line[length] != ' ' && line[length] != '\t')
		length++;
	return length <= SCRIPT_WORD ? length : 0;
}

bool script_match(const struct script *s, const struct script_text *t, struct script_memory *m,
		  const char *line, size_t n)
{
	const struct script_part *end = s->parts + t->first + t->count;
	char digits[24];
	size_t part;

	for (const struct script_part *p = s->parts + t->first; p < end; p = next_part(p)) {
		if (p->type == PART_REST)
			return true;
		if (p->type == PART_WORD) {
			part = word(line, n);
			if (!part)
				return false;
			if (p->from >= 0)
				snprintf(m->words[p->from], SCRIPT_WORD + 1, "%.*s", (int)part,
					 line);
		} else {
			const char *said = say(s, p, m, digits, &part);

			if (part > n || memcmp(line, said, part) != 0)
				return false;
		}
		line += part;
		n -= part;
	}
	return n == 0;
}
