/* SPDX-License-Identifier: MIT */
#include "kit.h"

#include <errno.h>
#include <string.h>
#include <time.h>

int store_add_user(struct store *s, const char *name, const char *hash, struct store_user *u)
{
	int rc = store_begin(s);

	if (rc)
		return rc;
	rc = kit_run(s, kit_bind(s, SQL_USER_ADD, "tti", name, hash, (int64_t)time(NULL)));
	rc = rc ? rc : store_find_user(s, name, u);
	return store_end(s, rc);
}

int store_find_user(struct store *s, const char *name, struct store_user *u)
{
	sqlite3_stmt *st = kit_bind(s, SQL_USER_FIND, "t", name);
	int rc = kit_row(s, st);

	if (rc <= 0)
		return rc ? rc : -ENOENT;
	u->id = sqlite3_column_int64(st, 0);
	u->created = sqlite3_column_int64(st, 1);
	kit_copy(u->name, sizeof(u->name), st, 2);
	kit_copy(u->hash, sizeof(u->hash), st, 3);
	u->moderator = sqlite3_column_int(st, 4) != 0;
	u->banned = sqlite3_column_int(st, 5) != 0;
	return kit_done(st, 0);
}

/* Runs a statement that changes one row, in its turn. */
static int change(struct store *s, sqlite3_stmt *st)
{
	int rc = st ? store_begin(s) : s->failure;

	return rc ? rc : store_end(s, kit_change(s, st));
}

int store_set_password(struct store *s, int64_t user, const char *hash)
{
	return change(s, kit_bind(s, SQL_USER_PASSWORD, "it", user, hash));
}

int store_set_moderator(struct store *s, const char *name, bool moderator)
{
	return change(s, kit_bind(s, SQL_USER_MODERATOR, "ti", name, (int64_t)moderator));
}

int store_set_banned(struct store *s, const char *name, bool banned)
{
	return change(s, kit_bind(s, SQL_USER_BAN, "ti", name, (int64_t)banned));
}

int store_lock(struct store *s, int64_t topic, bool locked)
{
	return change(s, kit_bind(s, SQL_TOPIC_LOCK, "ii", topic, (int64_t)locked));
}

int store_hide(struct store *s, int64_t post, bool hidden)
{
	return change(s, kit_bind(s, SQL_POST_HIDE, "ii", post, (int64_t)hidden));
}
