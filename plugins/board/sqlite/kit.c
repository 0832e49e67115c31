/* SPDX-License-Identifier: MIT */
#include "kit.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#define STATEMENT_SQL(name, sql) [SQL_##name] = (sql),
static const char *const texts[SQL_COUNT] = { STATEMENTS(STATEMENT_SQL) };

static int error_of(int result)
{
	switch (result & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return 0;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return -EBUSY;
	case SQLITE_CONSTRAINT:
		return -EEXIST;
	case SQLITE_FULL:
		return -ENOSPC;
	case SQLITE_NOMEM:
		return -ENOMEM;
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return -EROFS;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return -EBADMSG;
	case SQLITE_CANTOPEN:
		return -ENOENT;
	case SQLITE_INTERRUPT:
		return -ETIME;
	default:
		return -EIO;
	}
}

int kit_error(struct store *s, int result)
{
	int rc = error_of(result);

	if (rc)
		snprintf(s->why, sizeof(s->why), "%s",
			 s->db ? sqlite3_errmsg(s->db) : sqlite3_errstr(result));
	return rc;
}

static int bind_integer(sqlite3_stmt *st, int at, int64_t n, bool or_none)
{
	return n || !or_none ? sqlite3_bind_int64(st, at, n) : sqlite3_bind_null(st, at);
}

static sqlite3_stmt *prepared(struct store *s, enum statement which)
{
	sqlite3_stmt **st = &s->prepared[which];

	s->failure = *st ? 0
			 : kit_error(s, sqlite3_prepare_v3(s->db, texts[which], -1,
							   SQLITE_PREPARE_PERSISTENT, st, NULL));
	return *st;
}

sqlite3_stmt *kit_bind(struct store *s, enum statement which, const char *letters, ...)
{
	sqlite3_stmt *st = prepared(s, which);
	int rc = SQLITE_OK;
	va_list args;

	va_start(args, letters);
	/* NOLINTBEGIN(clang-analyzer-valist.Uninitialized): clang 14 overlooks va_start() */
	for (int at = 1; st && letters[at - 1] && rc == SQLITE_OK; at++) {
		if (letters[at - 1] == 't') {
			rc = sqlite3_bind_text(st, at, va_arg(args, const char *), -1,
					       SQLITE_STATIC);
		} else if (letters[at - 1] == 'b') {
			const void *bytes = va_arg(args, const void *);

			rc = sqlite3_bind_blob64(st, at, bytes, va_arg(args, size_t),
						 SQLITE_STATIC);
		} else {
			rc = bind_integer(st, at, va_arg(args, int64_t), letters[at - 1] == 'I');
		}
	}
	/* NOLINTEND(clang-analyzer-valist.Uninitialized) */
	va_end(args);
	if (rc == SQLITE_OK)
		return st;
	s->failure = kit_error(s, rc);
	return NULL;
}

int kit_row(struct store *s, sqlite3_stmt *st)
{
	int rc = st ? sqlite3_step(st) : SQLITE_OK;

	if (!st)
		return s->failure;
	return rc == SQLITE_ROW ? 1 : kit_done(st, kit_error(s, rc));
}

int kit_done(sqlite3_stmt *st, int rc)
{
	if (st)
		sqlite3_reset(st);
	return rc;
}

int kit_run(struct store *s, sqlite3_stmt *st)
{
	int rc = kit_row(s, st);

	return kit_done(st, rc > 0 ? 0 : rc);
}

int kit_change(struct store *s, sqlite3_stmt *st)
{
	int rc = kit_run(s, st);

	return rc || sqlite3_changes(s->db) ? rc : -ENOENT;
}

int kit_number(struct store *s, sqlite3_stmt *st, int64_t *n)
{
	int rc = kit_row(s, st);

	if (rc == 1)
		*n = sqlite3_column_int64(st, 0);
	return kit_done(st, rc == 1 ? 0 : rc == 0 ? -ENOENT : rc);
}

const char *kit_text(sqlite3_stmt *st, int column)
{
	const unsigned char *text = sqlite3_column_text(st, column);

	return text ? (const char *)text : "";
}

void kit_copy(char *out, size_t size, sqlite3_stmt *st, int column)
{
	snprintf(out, size, "%s", kit_text(st, column));
}
