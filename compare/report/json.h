/* SPDX-License-Identifier: MIT */
/*
 * Writes JSON, and nothing else: commas, names, ends and escapes are its own, so that what is
 * written can be read, whatever it is made of.  A number that is none (NaN, infinite) is null; a
 * byte that is no UTF-8 is U+FFFD; '<' is escaped, so that no text ends the element of a page that
 * it stands in.  Calls that no JSON corresponds to (a name within an array, an end too many) are
 * errors of the program and end it.
 */
#ifndef COMPARE_JSON_H
#define COMPARE_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { JSON_DEPTH = 16 };

struct json {
	FILE *f;
	unsigned depth, lines; /* containers up to depth lines have a line for each of their own */
	bool filled[JSON_DEPTH + 1]; /* whether a comma is due */
	char close[JSON_DEPTH + 1];
};

/* Begins a text that is one value, spread over lines down to that depth. */
void json_begin(struct json *j, FILE *f, unsigned lines);

/* What a value's name is within an object; NULL within an array and for the whole text. */
void json_object(struct json *j, const char *name);
void json_array(struct json *j, const char *name);
void json_end(struct json *j); /* of what was begun last; after the last one ends the line */
void json_text(struct json *j, const char *name, const char *s); /* NULL is null */
void json_number(struct json *j, const char *name, double x);
void json_count(struct json *j, const char *name, uint64_t n);
void json_bool(struct json *j, const char *name, bool b);

/* A string alone, quoted and escaped likewise. */
void json_string(FILE *f, const char *s);

#endif
