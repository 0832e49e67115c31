/* SPDX-License-Identifier: MIT */
/*
 * WATCH: new posts are told as they come.  News (modus_publish()) says only that there is
 * something; what it is stands in the store, so none is told twice or forgotten whatever wakes the
 * watcher: each session knows the last post that it was told.
 */
#include "watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void watch_topic(const struct watch *w, char out[WATCH_TOPIC])
{
	if (w->topic)
		snprintf(out, WATCH_TOPIC, "board/topic/%lld", (long long)w->topic);
	else
		snprintf(out, WATCH_TOPIC, "board/all/%s", w->board);
}

void watch_publish(const struct store_place *p)
{
	struct watch w = { .topic = p->topic };
	char topic[WATCH_TOPIC];

	watch_topic(&w, topic);
	modus_publish(topic);
	w.topic = 0;
	memcpy(w.board, p->board, sizeof(w.board));
	watch_topic(&w, topic);
	modus_publish(topic);
}

int watch_start(struct board_shared *shared, struct store *s)
{
	int64_t last = 0;
	int rc = store_last_post(s, &last);

	atomic_store(&shared->told, last);
	return rc;
}

static int publish_post(void *arg, const struct store_post *post)
{
	struct board_shared *shared = arg;
	struct store_place p = { .topic = post->topic };

	snprintf(p.board, sizeof(p.board), "%s", post->board);
	watch_publish(&p);
	atomic_store(&shared->told, post->id);
	return 0;
}

static int publish_all(void *store, void *arg)
{
	struct board_shared *shared = arg;
	int64_t before;
	int rc;

	do {
		before = atomic_load(&shared->told);
		rc = store_posts_after(store, 0, NULL, before, NEWS_AT_ONCE, publish_post, shared);
	} while (!rc && atomic_load(&shared->told) != before);
	return rc;
}

/* A failure is the next tick's to mend. */
void watch_tick(struct modus_conn *task)
{
	if (modus_block(task, publish_all, modus_shared(task)))
		return;
}

static int note_topic(void *arg, const struct store_topic *t)
{
	struct watch *w = arg;

	w->topic = t->id;
	snprintf(w->board, sizeof(w->board), "%s", t->board);
	return 0;
}

void watch_work(struct call *k)
{
	const char *what = k->words[0];
	struct watch w = { .on = true };
	struct store_board b;
	int rc;

	if (*what >= '0' && *what <= '9') {
		if (!command_number(k, what, &w.topic))
			return;
		rc = store_topic(k->store, w.topic, note_topic, &w);
	} else {
		rc = store_find_board(k->store, what, &b);
		if (!rc)
			memcpy(w.board, b.name, sizeof(w.board));
	}
	rc = rc ? rc : store_last_post(k->store, &w.after);
	if (rc) {
		command_failed(k, rc, w.topic ? NO_TOPIC : "411 no such board");
		return;
	}
	k->watch = w;
	k->watches = true;
	if (w.topic)
		reply_line(&k->reply, "285 %lld watching the topic", (long long)w.topic);
	else
		reply_line(&k->reply, "286 %s watching the board", w.board);
}

static int say_news(void *arg, const struct store_post *p)
{
	struct call *k = arg;
	bool moderator = k->session->moderator;

	k->session->watch.after = p->id;
	if (p->hidden && !moderator)
		return 0;
	reply_line(&k->reply, "290 %lld %s %s", (long long)p->topic, p->board,
		   reply_subject(p->subject, p->unseen, moderator));
	reply_post(&k->reply, p, moderator);
	reply_dot(&k->reply);
	return 0;
}

/* Where nothing was found, the next search begins after the last post of all, which was read first:
 * others' posts are passed over once. */
void news_work(struct call *k)
{
	struct watch *w = &k->session->watch;
	int64_t before = w->after, last = 0;
	int rc = store_last_post(k->store, &last);

	rc = rc ? rc
		: store_posts_after(k->store, w->topic, w->board, w->after, NEWS_AT_ONCE, say_news,
				    k);
	if (rc)
		modus_log(MODUS_ERROR, "news waits: %s", store_why(k->store));
	k->more = !rc && w->after != before;
	if (!rc && !k->more && last > before)
		w->after = last;
}
