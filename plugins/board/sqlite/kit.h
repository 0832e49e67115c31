/* SPDX-License-Identifier: MIT */
/* Within the store on SQLite: its state, and statements that are prepared once and run often. */
#ifndef BOARD_SQLITE_KIT_H
#define BOARD_SQLITE_KIT_H

#include "../store.h"
#include "statements.h"
#include "turn.h"

#include <sqlite3.h>

struct store {
	sqlite3 *db;
	sqlite3_stmt *prepared[SQL_COUNT];
	int depth;   /* of store_begin() */
	int failure; /* of the last kit_bind() */
	struct turn turn;
	char why[256];
};

/* The negative errno for a result of SQLite, said in s->why; 0 for the good ones. */
int kit_error(struct store *s, int result);

/* Makes a statement ready with its parameters, one for each letter: i int64_t, I the same
 * where 0 is none, t const char * or NULL, b const void * and size_t.  NULL on failure, which
 * kit_row() then tells. */
sqlite3_stmt *kit_bind(struct store *s, enum statement which, const char *letters, ...);

/* Takes the next row: 1, 0 when there is no more, or a negative errno.  After the last two the
 * statement is free again. */
int kit_row(struct store *s, sqlite3_stmt *st);
/* Frees the statement where more rows may be left; returns rc. */
int kit_done(sqlite3_stmt *st, int rc);

/* Runs a statement that gives no rows: 0 or a negative errno. */
int kit_run(struct store *s, sqlite3_stmt *st);
/* The same for one that is to change a row: -ENOENT if there is none. */
int kit_change(struct store *s, sqlite3_stmt *st);
/* The integer of its one row: 0, -ENOENT, or another negative errno. */
int kit_number(struct store *s, sqlite3_stmt *st, int64_t *n);

/* The version of the file, 0 if it is new: 0, or a negative errno if it is not the board's. */
int open_version(struct store *s, int64_t *version);

const char *kit_text(sqlite3_stmt *st, int column); /* never NULL */
void kit_copy(char *out, size_t size, sqlite3_stmt *st, int column);

#endif
