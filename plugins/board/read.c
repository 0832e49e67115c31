/* SPDX-License-Identifier: MIT */
/* LIST, OPEN, READ, SHOW, SEARCH. */
#include "command.h"

#include <errno.h>
#include <stdlib.h>

#define NO_BOARD "411 no such board, LIST tells which there are"

static const char *title_of(const struct store_board *b)
{
	return *b->title ? b->title : "-";
}

/* Rows, as they are said. */
static int say_board(void *arg, const struct store_board *b)
{
	struct call *k = arg;

	reply_line(&k->reply, "board %s %lld %lld %s", b->name, (long long)b->topics,
		   (long long)b->posts, title_of(b));
	return 0;
}

static int say_topic(void *arg, const struct store_topic *t)
{
	struct call *k = arg;
	char when[REPLY_TIME];

	reply_line(&k->reply, "topic %lld %lld %s %s %s", (long long)t->id, (long long)t->posts,
		   reply_time(when, t->written), t->locked ? "locked" : "open",
		   reply_subject(t->subject, t->unseen, k->session->moderator));
	return 0;
}

static int say_post(void *arg, const struct store_post *p)
{
	struct call *k = arg;

	reply_post(&k->reply, p, k->session->moderator);
	return 0;
}

static int say_found(void *arg, const struct store_post *p)
{
	struct call *k = arg;
	char when[REPLY_TIME];

	reply_line(&k->reply, "found %lld %lld %s %s %s", (long long)p->id, (long long)p->topic,
		   p->board, reply_time(when, p->created),
		   reply_subject(p->subject, p->unseen, k->session->moderator));
	return 0;
}

/* Ends a reply of several lines, or puts a refusal in its place. */
static void finish(struct call *k, int rc, const char *without)
{
	if (!rc) {
		reply_dot(&k->reply);
		return;
	}
	k->reply.len = 0;
	command_failed(k, rc, without);
}

static void list_boards(struct call *k)
{
	reply_line(&k->reply, "215 boards");
	finish(k, store_boards(k->store, say_board, k), NO_BOARD);
}

static void list_topics(struct call *k, int64_t page)
{
	int64_t size = k->settings->page, pages;
	struct store_board b;
	int rc = store_find_board(k->store, k->words[0], &b);

	if (rc) {
		finish(k, rc, NO_BOARD);
		return;
	}
	pages = (b.topics + size - 1) / size;
	reply_line(&k->reply, "216 %s %lld %lld", b.name, (long long)page, (long long)pages);
	if (page <= pages)
		rc = store_topics(k->store, b.id, (page - 1) * size, size, say_topic, k);
	finish(k, rc, NO_BOARD);
}

void list_work(struct call *k)
{
	int64_t page = 1;

	if (k->count == 0)
		list_boards(k);
	else if (k->count == 1 || command_number(k, k->words[1], &page))
		list_topics(k, page);
}

void open_work(struct call *k)
{
	struct store_board b;
	int rc = store_find_board(k->store, k->words[0], &b);

	if (rc) {
		command_failed(k, rc, NO_BOARD);
		return;
	}
	k->session->board = b.id;
	reply_line(&k->reply, "211 %s %lld %lld %s", b.name, (long long)b.topics,
		   (long long)b.posts, title_of(&b));
}

struct reading {
	struct call *call;
	int64_t first, count;
};

static int say_head(void *arg, const struct store_topic *t)
{
	struct reading *r = arg;
	int64_t left = t->posts - r->first + 1;

	if (r->count > left)
		r->count = left > 0 ? left : 0;
	reply_line(&r->call->reply, "220 %lld %lld %lld %lld %s %s %s", (long long)t->id,
		   (long long)r->first, (long long)r->count, (long long)t->posts, t->board,
		   t->locked ? "locked" : "open",
		   reply_subject(t->subject, t->unseen, r->call->session->moderator));
	return 0;
}

void read_work(struct call *k)
{
	struct reading r = { k, 1, k->settings->page };
	int64_t topic, count;
	int rc;

	if (!command_number(k, k->words[0], &topic) ||
	    (k->count > 1 && !command_number(k, k->words[1], &r.first)) ||
	    (k->count > 2 && !command_number(k, k->words[2], &count)))
		return;
	if (k->count > 2 && count < r.count)
		r.count = count;
	rc = store_topic(k->store, topic, say_head, &r);
	if (!rc && r.count)
		rc = store_posts(k->store, topic, r.first, r.count, say_post, k);
	finish(k, rc, NO_TOPIC);
}

void show_work(struct call *k)
{
	int64_t post;

	if (!command_number(k, k->words[0], &post))
		return;
	reply_line(&k->reply, "221 %lld", (long long)post);
	finish(k, store_post(k->store, post, say_post, k), NO_POST);
}

void search_work(struct call *k)
{
	struct reply head = { 0 };
	struct store_found found = { 0 };
	struct call rows = *k;
	int rc = store_search(k->store, k->words[0], k->session->moderator, k->settings->page,
			      &found, say_found, &rows);

	if (rc) {
		free(rows.reply.text);
		command_failed(k, rc, NO_POST);
		return;
	}
	reply_line(&head, "218 %lld %s", (long long)found.posts, found.more ? "more" : "-");
	reply_join(&head, &rows.reply);
	reply_dot(&head);
	k->reply = head;
}
