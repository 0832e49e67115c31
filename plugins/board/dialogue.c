/* SPDX-License-Identifier: MIT */
#include "dialogue.h"

#include "command.h"
#include "draft.h"
#include "text.h"
#include "watch.h"

#include <errno.h>
#include <string.h>

static struct call call_of(struct modus_conn *c)
{
	return (struct call) {
		.session = modus_session(c),
		.settings = modus_instance(c)->settings,
		.shared = modus_shared(c),
	};
}

struct errand {
	struct call *call;
	void (*work)(struct call *k);
};

static int run(void *store, void *arg)
{
	struct errand *e = arg;
	struct call *k = e->call;

	k->store = store;
	account_again(k);
	if (!k->command || !command_allowed(k, k->command))
		e->work(k);
	k->store = NULL;
	return 0;
}

/* Runs the work with a store.  0, or -ECANCELED; other failures are said.  -ETIMEDOUT: no place
 * that works was free for too long. */
static int with_store(struct modus_conn *c, struct call *k, void (*work)(struct call *k))
{
	struct errand e = { k, work };
	int rc = modus_block(c, run, &e);

	if (rc && rc != -ECANCELED) {
		command_failed(k, rc == -ETIMEDOUT ? -EBUSY : rc == -ENOENT ? -EIO : rc, NULL);
		return 0;
	}
	return rc;
}

/* ---- News ---- */

/* News that came while a post was being written are told when that is done. */
static int tell_news(struct modus_conn *c)
{
	struct session *s = modus_session(c);
	int rc = 0;

	while (!rc && s->news && s->watch.on && !s->draft) {
		struct call k = call_of(c);

		s->news = false;
		rc = modus_block(c, run, &(struct errand) { &k, news_work });
		if (rc && rc != -ECANCELED) { /* nobody asked: there is nothing to answer */
			modus_log(MODUS_ERROR, "news waits: %s", strerror(-rc));
			rc = 0;
		}
		s->news = k.more;
		rc = rc ? rc : reply_send(&k.reply, c);
	}
	return rc;
}

/* What comes between the work that began the watch and the subscription is found by the news that
 * is told at once. */
static int watch(struct modus_conn *c, const struct watch *w)
{
	struct session *s = modus_session(c);
	char topic[WATCH_TOPIC];

	modus_unsubscribe(c);
	s->watch = *w;
	s->news = w->on;
	watch_topic(w, topic);
	return w->on ? modus_subscribe(c, topic) : 0;
}

/* ---- Commands ---- */

static int give(struct modus_conn *c, const struct command *command, struct call *k,
		char *arguments)
{
	int rc = 0;

	k->command = command;
	if (command_allowed(k, command) || command_parse(k, command, arguments))
		return 0;
	if (command->stores)
		rc = with_store(c, k, command->work);
	else
		command->work(k);
	if (!rc && k->watches)
		rc = watch(c, &k->watch);
	k->session->draft = k->draft;
	return rc;
}

static int take_command(struct modus_conn *c, char *line, size_t n)
{
	struct call k = call_of(c);
	const struct command *command;
	char *arguments = line;
	int rc = 0;

	while (n && line[n - 1] == ' ')
		line[--n] = '\0';
	if (text_check(line, n, false)) {
		reply_line(&k.reply, "503 the line has a control character, or is not UTF-8");
		return reply_send(&k.reply, c);
	}
	line = strsep(&arguments, " ");
	command = command_find(line);
	if (command)
		rc = give(c, command, &k, arguments ? arguments : line + strlen(line));
	else
		reply_line(&k.reply, "500 no such command, HELP tells which there are");
	rc = rc ? rc : reply_send(&k.reply, c);
	reply_drop(&k.reply);
	return rc ? rc : k.quit ? MODUS_CLOSE : MODUS_KEEP;
}

/* ---- Posts ---- */

static int end_post(struct modus_conn *c)
{
	struct session *s = modus_session(c);
	struct call k = call_of(c);
	int rc = 0;

	if (draft_is_fit(s->draft, k.settings, &k.reply))
		rc = with_store(c, &k, draft_work);
	draft_free(s->draft);
	s->draft = NULL;
	return rc ? rc : reply_send(&k.reply, c);
}

/* A dot that begins a line was put there by the client, except that which is the end. */
static int take_post_line(struct modus_conn *c, const char *line, size_t n)
{
	struct session *s = modus_session(c);
	bool dot = n && line[0] == '.';

	if (dot && n == 1)
		return end_post(c);
	draft_add(s->draft, modus_instance(c)->settings, line + dot, n - dot);
	return MODUS_KEEP;
}

/* ---- Lines ---- */

static int end_long_line(struct modus_conn *c)
{
	struct session *s = modus_session(c);

	s->skipping = false;
	if (!s->draft)
		return modus_printf(c, "502 a line has at most %d bytes\r\n", LINE_MAX_BYTES);
	draft_refuse(s->draft, 502);
	return MODUS_KEEP;
}

/* Takes a line, if one is there as a whole. */
static int take_line(struct modus_conn *c)
{
	struct session *s = modus_session(c);
	char line[LINE_MAX_BYTES + 1], *data, *end;
	ssize_t n = modus_peek(c, 1, &data);
	size_t len;

	if (n <= 0)
		return (int)n;
	end = memchr(data, '\n', (size_t)n);
	len = end ? (size_t)(end - data) : (size_t)n;
	if (s->skipping || len >= LINE_MAX_BYTES) {
		s->skipping = true;
		modus_consume(c, len + (end != NULL));
		return end ? end_long_line(c) : MODUS_KEEP;
	}
	if (!end)
		return MODUS_KEEP;
	memcpy(line, data, len);
	modus_consume(c, len + 1);
	if (len && line[len - 1] == '\r')
		len--;
	line[len] = '\0';
	if (s->draft)
		return take_post_line(c, line, len);
	return take_command(c, line, len);
}

int dialogue_setup(struct modus_conn *c)
{
	struct board_shared *shared = modus_shared(c);
	struct session *s = modus_session(c);
	socklen_t len;

	s->place = presence_enter(&shared->presence);
	s->throttle = throttle_place(modus_peer_addr(c, &len));
	return 0;
}

int dialogue_handle(struct modus_conn *c)
{
	const struct board_settings *set = modus_instance(c)->settings;
	struct session *s = modus_session(c);
	unsigned events = modus_events(c);
	int rc = MODUS_KEEP;

	if (!events)
		return modus_printf(c, "200 %s, HELP tells the commands\r\n", set->title);
	if (events & MODUS_NEWS)
		s->news = true;
	if (events & MODUS_INPUT)
		rc = take_line(c);
	if (rc == MODUS_KEEP)
		rc = tell_news(c);
	if (rc == MODUS_KEEP && modus_draining(c) && !s->draft) {
		rc = modus_printf(c, "400 the server stops\r\n");
		return rc ? rc : MODUS_CLOSE;
	}
	return rc;
}

void dialogue_finish(struct modus_conn *c)
{
	struct board_shared *shared = modus_shared(c);
	struct session *s = modus_session(c);

	presence_leave(&shared->presence, s->place);
	draft_free(s->draft);
	s->draft = NULL;
}
