/* SPDX-License-Identifier: MIT */
/* Boards, topics and posts, as they are written. */
#include "kit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

struct topic_state {
	int64_t posts, board;
	bool locked;
	char name[STORE_NAME + 1], subject[STORE_SUBJECT + 1];
};

int store_add_board(struct store *s, const char *name, const char *title)
{
	struct store_board there;
	int rc = store_find_board(s, name, &there);

	if (rc != -ENOENT && (rc || !strcmp(there.title, title)))
		return rc;
	rc = store_begin(s);
	if (rc)
		return rc;
	rc = kit_change(s, kit_bind(s, SQL_BOARD_TITLE, "tt", name, title));
	if (rc == -ENOENT)
		rc = kit_run(s, kit_bind(s, SQL_BOARD_ADD, "tt", name, title));
	return store_end(s, rc);
}

static int topic_state(struct store *s, int64_t topic, struct topic_state *t)
{
	sqlite3_stmt *st = kit_bind(s, SQL_TOPIC_STATE, "i", topic);
	int rc = kit_row(s, st);

	if (rc <= 0)
		return rc ? rc : -ENOENT;
	t->posts = sqlite3_column_int64(st, 0);
	t->locked = sqlite3_column_int(st, 1) != 0;
	t->board = sqlite3_column_int64(st, 2);
	kit_copy(t->name, sizeof(t->name), st, 3);
	kit_copy(t->subject, sizeof(t->subject), st, 4);
	return kit_done(st, 0);
}

int store_may_write(struct store *s, int64_t user)
{
	int64_t banned = 0;
	int rc = user ? kit_number(s, kit_bind(s, SQL_USER_BANNED, "i", user), &banned) : 0;

	return rc || !banned ? rc : -EACCES;
}

/* The topic that the draft goes to; it is made where the draft has none. */
static int place_topic(struct store *s, const struct store_draft *d, int64_t created,
		       int64_t *topic)
{
	int rc = 0;

	*topic = d->topic;
	if (!*topic && d->reply_to)
		return kit_number(s, kit_bind(s, SQL_POST_TOPIC, "i", d->reply_to), topic);
	if (*topic)
		return 0;
	rc = kit_run(s, kit_bind(s, SQL_TOPIC_ADD, "iti", d->board, d->subject, created));
	*topic = sqlite3_last_insert_rowid(s->db);
	return rc;
}

static int add_post(struct store *s, const struct store_draft *d, const struct topic_state *t,
		    struct store_place *p, int64_t created)
{
	const char *subject = d->subject ? d->subject : t->subject;
	int rc = kit_run(s,
			 kit_bind(s, SQL_POST_ADD, "iiIItittt", p->topic, t->posts + 1, d->reply_to,
				  d->author, d->name, created, subject, d->body, d->message_id));

	if (rc)
		return rc;
	p->position = t->posts + 1;
	p->post = sqlite3_last_insert_rowid(s->db);
	rc = kit_change(s, kit_bind(s, SQL_TOPIC_COUNT, "ii", p->topic, created));
	if (!rc)
		rc = kit_change(s, kit_bind(s, SQL_BOARD_COUNT, "ii", t->board,
					    (int64_t)(p->position == 1)));
	if (!rc && d->original)
		rc = kit_run(s, kit_bind(s, SQL_ORIGINAL_ADD, "ib", p->post, d->original,
					 d->original_size));
	return rc;
}

int store_write(struct store *s, const struct store_draft *d, struct store_place *p)
{
	int64_t created = d->created ? d->created : time(NULL);
	struct topic_state t = { 0 };
	int rc = store_begin(s);

	if (rc)
		return rc;
	rc = store_may_write(s, d->author);
	rc = rc ? rc : place_topic(s, d, created, &p->topic);
	rc = rc ? rc : topic_state(s, p->topic, &t);
	if (!rc && t.locked && !d->original)
		rc = -EPERM;
	rc = rc ? rc : add_post(s, d, &t, p, created);
	snprintf(p->board, sizeof(p->board), "%s", t.name);
	return store_end(s, rc);
}

/* Whether the user may change the post: the author may, and who may change all. */
static int changeable(struct store *s, int64_t post, int64_t user, bool moderator)
{
	sqlite3_stmt *st = kit_bind(s, SQL_POST_STATE, "i", post);
	int64_t author;
	bool deleted, locked;
	int rc = kit_row(s, st);

	if (rc <= 0)
		return rc ? rc : -ENOENT;
	author = sqlite3_column_int64(st, 0);
	deleted = sqlite3_column_int(st, 1) != 0;
	locked = sqlite3_column_int(st, 2) != 0;
	kit_done(st, 0);
	if (deleted)
		return -ENOENT;
	if (!moderator && author != user)
		return -EACCES;
	if (!moderator && locked)
		return -EPERM;
	return store_may_write(s, user);
}

int store_may_edit(struct store *s, int64_t post, int64_t user)
{
	return changeable(s, post, user, false);
}

int store_edit(struct store *s, int64_t post, int64_t user, const char *body)
{
	int rc = store_begin(s);

	if (rc)
		return rc;
	rc = changeable(s, post, user, false);
	if (!rc)
		rc = kit_change(s,
				kit_bind(s, SQL_POST_EDIT, "iti", post, body, (int64_t)time(NULL)));
	if (!rc) /* the message as it came is no longer what is shown */
		rc = kit_run(s, kit_bind(s, SQL_ORIGINAL_DROP, "i", post));
	return store_end(s, rc);
}

int store_delete(struct store *s, int64_t post, int64_t user, bool moderator)
{
	int rc = store_begin(s);

	if (rc)
		return rc;
	rc = changeable(s, post, user, moderator);
	if (!rc)
		rc = kit_change(s, kit_bind(s, SQL_POST_DELETE, "i", post));
	if (!rc)
		rc = kit_run(s, kit_bind(s, SQL_TOPIC_EMPTY, "i", post));
	if (!rc)
		rc = kit_run(s, kit_bind(s, SQL_ORIGINAL_DROP, "i", post));
	return store_end(s, rc);
}

int store_name_posts(struct store *s, int64_t board)
{
	int64_t unnamed;
	int rc = kit_number(s, kit_bind(s, SQL_POSTS_UNNAMED, "i", board), &unnamed);

	if (rc || !unnamed)
		return rc;
	rc = store_begin_long(s, STORE_EXPORT);
	return rc ? rc : store_end(s, kit_run(s, kit_bind(s, SQL_POSTS_NAME, "i", board)));
}
