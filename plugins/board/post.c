/* SPDX-License-Identifier: MIT */
/* NEW, POST, REPLY, EDIT: each asks for a post, which draft_work() keeps; and DELETE. */
#include "command.h"

#include "watch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Asks for the post, unless rc is a failure, or the user is banned; without as command_failed() has
 * it. */
static void ask(struct call *k, int rc, const char *without, const struct draft *draft)
{
	rc = rc ? rc : store_may_write(k->store, k->session->user);
	if (!rc) {
		k->draft = malloc(sizeof(*k->draft));
		rc = k->draft ? 0 : -ENOMEM;
	}
	if (rc) {
		command_failed(k, rc, without);
		return;
	}
	*k->draft = *draft;
	reply_line(&k->reply, "340 send the post, end it with a dot on a line of its own");
}

void new_work(struct call *k)
{
	struct draft draft = { .kind = DRAFT_TOPIC, .board = k->session->board };
	size_t n = strlen(k->words[0]);

	if (!draft.board) {
		reply_line(&k->reply, "410 no board is open, OPEN one first");
	} else if (n > STORE_SUBJECT) {
		reply_line(&k->reply, "501 a subject has at most %d bytes", STORE_SUBJECT);
	} else {
		memcpy(draft.subject, k->words[0], n + 1);
		ask(k, 0, NO_USER, &draft);
	}
}

static int look_at_topic(void *arg, const struct store_topic *t)
{
	return t->locked ? -EPERM : 0;
}

void post_work(struct call *k)
{
	struct draft draft = { .kind = DRAFT_POST };

	if (command_number(k, k->words[0], &draft.topic))
		ask(k, store_topic(k->store, draft.topic, look_at_topic, NULL), NO_TOPIC, &draft);
}

static int look_at_post(void *arg, const struct store_post *p)
{
	int64_t *topic = arg;

	*topic = p->topic;
	return p->deleted || p->hidden ? -ENOENT : 0;
}

void reply_work(struct call *k)
{
	struct draft draft = { .kind = DRAFT_POST };
	int64_t topic;
	int rc;

	if (!command_number(k, k->words[0], &draft.reply_to))
		return;
	rc = store_post(k->store, draft.reply_to, look_at_post, &topic);
	rc = rc ? rc : store_topic(k->store, topic, look_at_topic, NULL);
	ask(k, rc, NO_POST, &draft);
}

void edit_work(struct call *k)
{
	struct draft draft = { .kind = DRAFT_EDIT };
	int64_t topic;
	int rc;

	if (!command_number(k, k->words[0], &draft.post))
		return;
	rc = store_post(k->store, draft.post, look_at_post, &topic);
	rc = rc ? rc : store_may_edit(k->store, draft.post, k->session->user);
	ask(k, rc, NO_POST, &draft);
}

void delete_work(struct call *k)
{
	int64_t post;
	int rc;

	if (!command_number(k, k->words[0], &post))
		return;
	rc = store_delete(k->store, post, k->session->user, k->session->moderator);
	if (rc)
		command_failed(k, rc, NO_POST);
	else
		reply_line(&k->reply, "242 %lld emptied", (long long)post);
}

static void keep_edited(struct call *k, const struct draft *d)
{
	int rc = store_edit(k->store, d->post, k->session->user, d->body);

	if (rc)
		command_failed(k, rc, NO_POST);
	else
		reply_line(&k->reply, "241 %lld changed", (long long)d->post);
}

static void keep_written(struct call *k, const struct draft *d)
{
	struct store_draft draft = {
		.author = k->session->user,
		.name = k->session->name,
		.board = d->board,
		.topic = d->topic,
		.reply_to = d->reply_to,
		.subject = d->kind == DRAFT_TOPIC ? d->subject : NULL,
		.body = d->body,
	};
	struct store_place place = { 0 };
	int rc = store_write(k->store, &draft, &place);

	if (rc) {
		command_failed(k, rc, NO_TOPIC);
		return;
	}
	reply_line(&k->reply, "240 %lld %lld %lld posted", (long long)place.post,
		   (long long)place.topic, (long long)place.position);
	watch_publish(&place);
}

void draft_work(struct call *k)
{
	const struct draft *d = k->session->draft;

	if (d->kind == DRAFT_EDIT)
		keep_edited(k, d);
	else
		keep_written(k, d);
}
