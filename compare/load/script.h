/* SPDX-License-Identifier: MIT */
/*
 * A script: a dialogue that each connection of a load holds, read from a text file.  What it may
 * say stands in docs/comparing.md.  It is read into steps, one for each line; texts and patterns
 * into parts.  All of it has bounds, so that what runs it needs none: a text is never longer than
 * script->text_max, a loop always waits for something.
 */
#ifndef COMPARE_SCRIPT_H
#define COMPARE_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SCRIPT_FILE_MAX = 65536, /* bytes */
	SCRIPT_STEPS = 512,
	SCRIPT_PARTS = 2048,
	SCRIPT_DEPTH = 8, /* of repeats within each other */
	SCRIPT_LABELS = 8,
	SCRIPT_VALUES = 16,
	SCRIPT_NAME = 15,    /* bytes of a label or a value's name */
	SCRIPT_WORD = 63,    /* bytes of a value */
	SCRIPT_TEXT = 16384, /* bytes of a text, with the longest values it may have */
	SCRIPT_LINE = 4096,  /* bytes of a line of a reply */
	SCRIPT_RUN = 12,
};

enum script_part_type {
	PART_BYTES,  /* these; from: in script->pool */
	PART_VALUE,  /* $name; from: its number */
	PART_ID,     /* $id */
	PART_N,      /* $n */
	PART_RUN,    /* $run */
	PART_RANDOM, /* $rand(LOW,HIGH): the two parts that follow */
	PART_NUMBER, /* LOW or HIGH */
	PART_WORD,   /* {name}; from: its number, or -1 */
	PART_REST,   /* * */
};

struct script_part {
	enum script_part_type type;
	int32_t from;
	uint32_t size;
	int64_t number;
};

struct script_text {
	uint32_t first, count; /* parts */
};

enum script_step_type { STEP_SEND, STEP_THEN, STEP_EXPECT, STEP_PAUSE, STEP_REPEAT, STEP_END };

struct script_step {
	enum script_step_type type;
	struct script_text text, until; /* until.count 0: a reply of one line */
	uint32_t number;                /* of a pause (ms), a repeat (times), a send (its label) */
	uint32_t other;                 /* of an end: the first step of its block */
	bool last;                      /* an expect: with it the request is done */
	int line;                       /* in the file */
};

struct script {
	char name[256]; /* the file's */
	char *pool;
	struct script_step steps[SCRIPT_STEPS];
	struct script_part parts[SCRIPT_PARTS];
	char labels[SCRIPT_LABELS][SCRIPT_NAME + 1]; /* 0 is that of what has none: "" */
	char values[SCRIPT_VALUES][SCRIPT_NAME + 1];
	unsigned step_count, part_count, label_count, value_count;
	unsigned once;     /* steps before this one are run once */
	unsigned text_max; /* bytes of the longest text */
	bool pauses;       /* anywhere: they need a clock that ticks faster */
};

/* Reads a script.  0, or a negative errno and "file:line: ...: got, want" in why.  script_free() in
 * any case. */
int script_read(struct script *s, const char *path, char *why, size_t size);
int script_parse(struct script *s, const char *name, const char *text, char *why, size_t size);
void script_free(struct script *s);

/* What a dialogue knows when it says or hears something. */
struct script_memory {
	uint64_t id, n, random; /* random: the state of a generator */
	char run[SCRIPT_RUN + 1];
	char (*words)[SCRIPT_WORD + 1]; /* the values, script->value_count of them */
};

/* Writes a text into out, which has room for script->text_max bytes; how many there are. */
size_t script_write(const struct script *s, const struct script_text *t, struct script_memory *m,
		    char *out);

/* Whether the line (without its end) is as the pattern wants it; then its values are taken. */
bool script_match(const struct script *s, const struct script_text *t, struct script_memory *m,
		  const char *line, size_t n);

#endif
