/* SPDX-License-Identifier: MIT */
/* What all who handle rows (struct modus_setting) share.  Rows are an array that a row without a
 * key ends; NULL is an array without rows. */
#ifndef CORE_SETTINGS_H
#define CORE_SETTINGS_H

#include <modus/handler.h>

enum {
	SETTINGS_ROWS_MAX = 256, /* of one array, with its end */
	SETTINGS_DEPTH_MAX = 8,  /* arrays within arrays */
};

/* Checks rows that fill a struct of room bytes: each has a key of its own, a type, a sentence, a
 * default within its bounds and a field within the struct; likewise those within groups and lists.
 * "type" is no key: it names the plugin or model that has the rows.  0; -EINVAL: why has one
 * sentence. */
int settings_check_rows(const struct modus_setting *rows, size_t room, char *why, size_t size);

/* The row of key, or NULL. */
const struct modus_setting *settings_find(const struct modus_setting *rows, const char *key);

/* Sets the field of one row, or those of all rows, to their defaults.  A TEXT that must be given
 * becomes NULL, a LIST empty, a HOSTED one NULL. */
void settings_default(const struct modus_setting *row, void *settings);
void settings_defaults(const struct modus_setting *rows, void *settings);

const char *settings_type_name(enum modus_type type); /* "whole number"; NULL: there is none */

/* The words of a CHOICE: the one at index, its length in *length, or NULL beyond the last. */
const char *settings_word(const struct modus_setting *row, int index, size_t *length);

/* Among the names that are offered, the one that a mistyped word most likely meant. */
struct settings_nearest {
	const char *word;
	const char *name; /* the nearest so far (borrowed, length bytes), or NULL: none is near
			     enough */
	size_t length;
	unsigned distance;
};

void settings_nearest_offer(struct settings_nearest *n, const char *name, size_t length);

#endif
