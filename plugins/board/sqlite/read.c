/* SPDX-License-Identifier: MIT */
/* Boards, topics and posts, as they are read. */
#include "kit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SEARCH_MS = 50, SEARCH_LOOK = 100 /* instructions between two looks at the clock */ };

static void board_of(sqlite3_stmt *st, struct store_board *b)
{
	b->id = sqlite3_column_int64(st, 0);
	b->topics = sqlite3_column_int64(st, 1);
	b->posts = sqlite3_column_int64(st, 2);
	kit_copy(b->name, sizeof(b->name), st, 3);
	kit_copy(b->title, sizeof(b->title), st, 4);
}

int store_find_board(struct store *s, const char *name, struct store_board *b)
{
	sqlite3_stmt *st = kit_bind(s, SQL_BOARD_FIND, "t", name);
	int rc = kit_row(s, st);

	if (rc <= 0)
		return rc ? rc : -ENOENT;
	board_of(st, b);
	return kit_done(st, 0);
}

int store_boards(struct store *s, store_board_fn *each, void *arg)
{
	sqlite3_stmt *st = kit_bind(s, SQL_BOARDS, "");
	struct store_board b;
	int rc;

	while ((rc = kit_row(s, st)) == 1) {
		board_of(st, &b);
		rc = each(arg, &b);
		if (rc)
			return kit_done(st, rc);
	}
	return rc;
}

/* Gives each row of st to each(): 0, -ENOENT where there is none and one is wanted. */
static int each_topic(struct store *s, sqlite3_stmt *st, store_topic_fn *each, void *arg,
		      bool wanted)
{
	bool found = false;
	int rc;

	while ((rc = kit_row(s, st)) == 1) {
		struct store_topic t = {
			.id = sqlite3_column_int64(st, 0),
			.posts = sqlite3_column_int64(st, 1),
			.written = sqlite3_column_int64(st, 2),
			.board = kit_text(st, 3),
			.subject = kit_text(st, 4),
			.author = kit_text(st, 5),
			.locked = sqlite3_column_int(st, 6) != 0,
			.unseen = sqlite3_column_int(st, 7) != 0,
		};

		found = true;
		rc = each(arg, &t);
		if (rc)
			return kit_done(st, rc);
	}
	return rc || found || !wanted ? rc : -ENOENT;
}

int store_topics(struct store *s, int64_t board, int64_t skip, int64_t count, store_topic_fn *each,
		 void *arg)
{
	sqlite3_stmt *st = kit_bind(s, SQL_TOPICS, "iii", board, skip, count);

	return each_topic(s, st, each, arg, false);
}

int store_topic(struct store *s, int64_t id, store_topic_fn *each, void *arg)
{
	return each_topic(s, kit_bind(s, SQL_TOPIC, "i", id), each, arg, true);
}

static struct store_post post_of(sqlite3_stmt *st)
{
	return (struct store_post) {
		.id = sqlite3_column_int64(st, 0),
		.topic = sqlite3_column_int64(st, 1),
		.position = sqlite3_column_int64(st, 2),
		.reply_to = sqlite3_column_int64(st, 3),
		.created = sqlite3_column_int64(st, 4),
		.edited = sqlite3_column_int64(st, 5),
		.board = kit_text(st, 6),
		.subject = kit_text(st, 7),
		.author = kit_text(st, 8),
		.body = kit_text(st, 9),
		.hidden = sqlite3_column_int(st, 10) != 0,
		.deleted = sqlite3_column_int(st, 11) != 0,
		.unseen = sqlite3_column_int(st, 12) != 0,
	};
}

static int each_post(struct store *s, sqlite3_stmt *st, store_post_fn *each, void *arg, bool wanted)
{
	bool found = false;
	int rc;

	while ((rc = kit_row(s, st)) == 1) {
		struct store_post p = post_of(st);

		found = true;
		rc = each(arg, &p);
		if (rc)
			return kit_done(st, rc);
	}
	return rc || found || !wanted ? rc : -ENOENT;
}

int store_post(struct store *s, int64_t id, store_post_fn *each, void *arg)
{
	return each_post(s, kit_bind(s, SQL_POST, "i", id), each, arg, true);
}

int store_posts(struct store *s, int64_t topic, int64_t first, int64_t count, store_post_fn *each,
		void *arg)
{
	sqlite3_stmt *st = kit_bind(s, SQL_POSTS, "iii", topic, first, count);

	return each_post(s, st, each, arg, false);
}

int store_posts_after(struct store *s, int64_t topic, const char *board, int64_t after,
		      int64_t count, store_post_fn *each, void *arg)
{
	sqlite3_stmt *st;

	if (topic)
		st = kit_bind(s, SQL_TOPIC_AFTER, "iii", topic, after, count);
	else if (board)
		st = kit_bind(s, SQL_BOARD_AFTER, "tii", board, after, count);
	else
		st = kit_bind(s, SQL_ALL_AFTER, "ii", after, count);
	return each_post(s, st, each, arg, false);
}

int store_last_post(struct store *s, int64_t *id)
{
	return kit_number(s, kit_bind(s, SQL_POST_LAST, ""), id);
}

/* Each word becomes a string of FTS5's query language, in which nothing has a meaning.  The caller
 * frees it. */
static char *query_of(const char *words)
{
	char *query = malloc(strlen(words) * 4 + 4), *out = query;

	while (query && *words) {
		size_t n = strcspn(words, " \t");

		if (n) {
			*out++ = '"';
			for (size_t i = 0; i < n; i++) {
				if (words[i] == '"')
					*out++ = '"';
				*out++ = words[i];
			}
			*out++ = '"';
			*out++ = ' ';
		}
		words += n + (words[n] != '\0');
	}
	if (query)
		*out = '\0';
	return query;
}

/* The time of the processor, that others' work does not change. */
static int64_t worked_ms(void)
{
	struct timespec t = { 0 };

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int is_over(void *arg)
{
	const int64_t *end = arg;

	return worked_ms() >= *end;
}

struct search {
	struct store_found *found;
	int64_t count;
	store_post_fn *each;
	void *arg;
};

static int take_found(void *arg, const struct store_post *p)
{
	struct search *search = arg;
	struct store_found *found = search->found;

	found->more = found->posts == STORE_FOUND;
	if (found->more || found->posts++ >= search->count)
		return 0;
	return search->each(search->arg, p);
}

/* What it costs is bounded, however many posts have the words: it stops after so many, or where it
 * has to pass over too much to find them. */
int store_search(struct store *s, const char *words, bool hidden, int64_t count,
		 struct store_found *found, store_post_fn *each, void *arg)
{
	struct search search = { found, count, each, arg };
	int64_t end = worked_ms() + SEARCH_MS;
	char *query = query_of(words);
	sqlite3_stmt *st;
	int rc;

	if (!query)
		return -ENOMEM;
	*found = (struct store_found) { 0 };
	st = kit_bind(s, SQL_SEARCH, "tii", query, (int64_t)hidden, (int64_t)STORE_FOUND + 1);
	sqlite3_progress_handler(s->db, SEARCH_LOOK, is_over, &end);
	rc = each_post(s, st, take_found, &search, false);
	sqlite3_progress_handler(s->db, 0, NULL, NULL);
	free(query);
	if (rc != -ETIME)
		return rc;
	found->more = true;
	return 0;
}

int store_imported(struct store *s, const char *message_id, int64_t *post)
{
	return kit_number(s, kit_bind(s, SQL_IMPORTED, "t", message_id), post);
}

int store_archive(struct store *s, int64_t board, store_archive_fn *each, void *arg)
{
	sqlite3_stmt *st = kit_bind(s, SQL_ARCHIVE, "i", board);
	int rc;

	while ((rc = kit_row(s, st)) == 1) {
		struct store_archived a = {
			.post = post_of(st),
			.message_id = kit_text(st, 14),
			.answered = kit_text(st, 15),
			.first = kit_text(st, 16),
			.original = sqlite3_column_blob(st, 13),
			.original_size = (size_t)sqlite3_column_bytes(st, 13),
		};

		rc = each(arg, &a);
		if (rc)
			return kit_done(st, rc);
	}
	return rc;
}
