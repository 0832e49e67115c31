/* SPDX-License-Identifier: MIT */
/*
 * What the board keeps, whatever keeps it.  Behind this header stands SQLite (sqlite/); nothing in
 * front of it knows that.
 *
 * A store is for one place that works: it is never used by two at once, and never carried over a
 * fork.  Each call is a transaction: it is done as a whole or not at all, and what returned 0 is on
 * disk, whoever is killed next.  Calls between store_begin() and store_end() are one together.  Who
 * only reads never waits for who writes; who writes waits for others who do, for seconds at most.
 *
 * All return 0 or a negative errno: -ENOENT, there is no such thing; -EEXIST, there is one already;
 * -EACCES, this user may not; -EPERM, the topic is locked; -EBUSY, others write for so long that it
 * is to be tried again later; -ENOSPC, the disk is full; -ENOMEM, -EROFS; -ENOTSUP, the file system
 * is not fit; -EBADMSG, the file is damaged or no board's; -EIO.  store_why() says more; for -EBUSY
 * it may be told to everybody.  Texts are UTF-8; those handed out in a row are borrowed until the
 * function that got it returns.  Times are seconds since 1970, UTC.
 */
#ifndef BOARD_STORE_H
#define BOARD_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STORE_NAME = 24, STORE_TITLE = 100, STORE_SUBJECT = 200, STORE_HASH = 200 };
enum { STORE_FOUND = 1000 }; /* a search counts no more */

struct store;

struct store_user {
	int64_t id, created;
	char name[STORE_NAME + 1], hash[STORE_HASH + 1];
	bool moderator, banned;
};

struct store_board {
	int64_t id, topics, posts;
	char name[STORE_NAME + 1], title[STORE_TITLE + 1];
};

struct store_topic {                          /* a row */
	int64_t id, posts, written;           /* written: when its last post was */
	const char *board, *subject, *author; /* author: of its last post */
	bool locked;
	bool unseen; /* its first post is hidden, and with it the subject */
};

struct store_post {                                             /* a row */
	int64_t id, topic, position, reply_to, created, edited; /* the last three: or 0 */
	const char *board, *subject, *author, *body;
	bool hidden, deleted; /* a deleted one has an empty body */
	bool unseen;          /* the subject is hidden */
};

struct store_draft {
	int64_t author;      /* a user; 0: none, it is imported */
	const char *name;    /* the author's, as it is shown */
	int64_t board;       /* of a new topic, or 0 */
	int64_t topic;       /* else: the topic, or 0 */
	int64_t reply_to;    /* else, or beside: the post that it answers, or 0 */
	const char *subject; /* its own, and of a new topic; NULL: the topic's */
	const char *body;
	int64_t created;        /* 0: now */
	const char *message_id; /* of an imported one, or NULL */
	const void *original;   /* of an imported one: its From_ line and the message, or NULL */
	size_t original_size;
};

struct store_place {
	int64_t post, topic, position; /* position: in its topic, from 1 */
	char board[STORE_NAME + 1];
};

/* They return 0, or anything else to see no more: the call then returns that. */
typedef int store_board_fn(void *arg, const struct store_board *b);
typedef int store_topic_fn(void *arg, const struct store_topic *t);
typedef int store_post_fn(void *arg, const struct store_post *p);

/* Makes the file, or brings an older one to this version, and writes nothing to one that has it;
 * why gets a sentence on failure.  Keeps nothing open. */
int store_prepare(const char *file, char *why, size_t size);
/* Opens what was prepared.  The caller closes it. */
int store_open(struct store **s, const char *file);
void store_close(struct store *s);
const char *store_why(const struct store *s); /* of the last failure; until the next call */

/* Calls between the two are one transaction; store_end(s, rc) keeps what was done if rc is 0, and
 * returns rc, or what hindered. */
int store_begin(struct store *s);
/* The same for a work that may last.  Others who would write while it does are not made to wait:
 * they get -EBUSY, and store_why() tells them the work.  It waits for its own turn as they do. */
enum store_work { STORE_IMPORT = 1, STORE_EXPORT, STORE_VERIFY };
int store_begin_long(struct store *s, enum store_work work);
int store_end(struct store *s, int rc);

/* ---- Boards and topics ---- */
int store_add_board(struct store *s, const char *name, const char *title);
int store_find_board(struct store *s, const char *name, struct store_board *b);
int store_boards(struct store *s, store_board_fn *each, void *arg); /* by name */
/* The topics of a board, last written to first. */
int store_topics(struct store *s, int64_t board, int64_t skip, int64_t count, store_topic_fn *each,
		 void *arg);
int store_topic(struct store *s, int64_t id, store_topic_fn *each, void *arg);
int store_lock(struct store *s, int64_t topic, bool locked);

/* ---- Posts ---- */
/* -EPERM: the topic is locked, and the post has no original; -EACCES: the author is banned;
 * -ENOENT: no such topic or post. */
int store_write(struct store *s, const struct store_draft *d, struct store_place *p);
/* Whether store_write() would say that the author is banned. */
int store_may_write(struct store *s, int64_t user);
/* -EACCES: it is another's, or the user is banned. */
int store_edit(struct store *s, int64_t post, int64_t user, const char *body);
/* Whether store_edit() would do it. */
int store_may_edit(struct store *s, int64_t post, int64_t user);
/* The subject of a topic goes with its first post. */
int store_delete(struct store *s, int64_t post, int64_t user, bool moderator);
int store_hide(struct store *s, int64_t post, bool hidden);
int store_post(struct store *s, int64_t id, store_post_fn *each, void *arg);
/* Those at first, first + 1..., at most count of them. */
int store_posts(struct store *s, int64_t topic, int64_t first, int64_t count, store_post_fn *each,
		void *arg);
/* Posts of a topic, or (topic 0) of a board, or (board NULL) of all, that were written after the
 * post of number after. */
int store_posts_after(struct store *s, int64_t topic, const char *board, int64_t after,
		      int64_t count, store_post_fn *each, void *arg);
int store_last_post(struct store *s, int64_t *id); /* 0 where there is none */

struct store_found {
	int64_t posts; /* at most STORE_FOUND */
	bool more;     /* there are more, or there was no time to look at all */
};

/* Those that have all the words, newest first, at most count of them, without their bodies; hidden:
 * hidden ones, too, and by hidden subjects. */
int store_search(struct store *s, const char *words, bool hidden, int64_t count,
		 struct store_found *found, store_post_fn *each, void *arg);

/* ---- Users ---- */
int store_add_user(struct store *s, const char *name, const char *hash, struct store_user *u);
int store_find_user(struct store *s, const char *name, struct store_user *u); /* in any case */
int store_set_password(struct store *s, int64_t user, const char *hash);
int store_set_moderator(struct store *s, const char *name, bool moderator);
int store_set_banned(struct store *s, const char *name, bool banned);

/* ---- Archives ---- */
/* The post that was imported with this Message-ID. */
int store_imported(struct store *s, const char *message_id, int64_t *post);
/* Gives each post of a board a Message-ID that has none yet: one that no other has. */
int store_name_posts(struct store *s, int64_t board);

struct store_archived { /* a row */
	struct store_post post;
	const char *message_id, *answered, *first; /* those of this post, the one it answers, and
						    * the first of the topic; or "" */
	const void *original;                      /* or NULL */
	size_t original_size;
};

/* All posts of a board, oldest number first. */
typedef int store_archive_fn(void *arg, const struct store_archived *a);
int store_archive(struct store *s, int64_t board, store_archive_fn *each, void *arg);

struct store_counts {
	int64_t boards, topics, posts, users;
};

int store_count(struct store *s, struct store_counts *c);
/* What is wrong with the file: 0 and "ok", or -EBADMSG and the first fault of its pages, its
 * positions, its counters, or its index of words. */
int store_verify(struct store *s, char *said, size_t size);

#endif
