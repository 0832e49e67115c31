/* SPDX-License-Identifier: MIT */
/* Whether the file holds what it should. */
#include "kit.h"

#include <errno.h>
#include <stdio.h>

int store_count(struct store *s, struct store_counts *c)
{
	sqlite3_stmt *st = kit_bind(s, SQL_COUNTS, "");
	int rc = kit_row(s, st);

	if (rc < 0)
		return rc;
	c->boards = sqlite3_column_int64(st, 0);
	c->topics = sqlite3_column_int64(st, 1);
	c->posts = sqlite3_column_int64(st, 2);
	c->users = sqlite3_column_int64(st, 3);
	return kit_done(st, 0);
}

/* Runs a statement whose rows are faults: -EBADMSG and the first of them. */
static int faults(struct store *s, enum statement which)
{
	sqlite3_stmt *st = kit_bind(s, which, "");
	int rc = kit_row(s, st);

	if (rc == 1)
		kit_copy(s->why, sizeof(s->why), st, 0);
	return kit_done(st, rc == 1 ? -EBADMSG : rc);
}

/* The index of words against the posts; SQLite says it by a write that writes nothing. */
static int check_words(struct store *s)
{
	int rc = store_begin_long(s, STORE_VERIFY);

	if (rc)
		return rc;
	rc = kit_run(s, kit_bind(s, SQL_VERIFY_WORDS, ""));
	if (rc == -EBADMSG)
		snprintf(s->why, sizeof(s->why), "the index of words does not match the posts");
	return store_end(s, rc);
}

/* One look at all of it, while others may write. */
static int check_rows(struct store *s)
{
	static const enum statement checks[] = { SQL_VERIFY_PAGES, SQL_VERIFY_LINKS,
						 SQL_VERIFY_TOPICS, SQL_VERIFY_BOARDS };
	int rc = kit_run(s, kit_bind(s, SQL_BEGIN_READ, ""));

	if (rc)
		return rc;
	for (size_t i = 0; !rc && i < sizeof(checks) / sizeof(checks[0]); i++)
		rc = faults(s, checks[i]);
	sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

int store_verify(struct store *s, char *said, size_t size)
{
	int64_t version;
	int rc = open_version(s, &version);

	rc = rc ? rc : check_rows(s);
	rc = rc ? rc : check_words(s);
	snprintf(said, size, "%s", rc ? s->why : "ok");
	return rc;
}
