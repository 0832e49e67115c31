/* SPDX-License-Identifier: MIT */
#include "compare/load/talk.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>

static int refuse(char *why, size_t size, const char *what, const char *got, const char *want)
{
	snprintf(why, size, "%s: got '%.80s', want %s", what, got, want);
	return -EINVAL;
}

/* What says how HTTP is spoken, and not that it is: its name, or NULL. */
static const char *detail(const struct http_wish *w)
{
	return w->method         ? "method"
	       : w->header_count ? "header"
	       : w->body         ? "body"
	       : w->expect_body  ? "expect-body"
	       : w->status       ? "status"
	       : w->any_body     ? "any-body"
				 : NULL;
}

static int choose(struct talk *t, char *why, size_t size)
{
	const struct talk_wish *w = &t->wish;
	const char *other = detail(&w->http), *url = w->http.url ? w->http.url : w->http.path;

	if (w->script && (w->send || w->reply))
		return refuse(why, size, "script", w->script, "either it or a request and a reply");
	if (url && (w->script || w->send || w->reply))
		return refuse(why, size, w->http.url ? "target" : "http", url,
			      "either HTTP or a script or a request and a reply");
	if (!url && other) {
		snprintf(why, size, "%s: got it without HTTP, want it with http", other);
		return -EINVAL;
	}
	if (w->send && !w->reply)
		return refuse(why, size, "send", w->send,
			      "a reply beside it, to know what is right");
	t->kind = url ? TALK_HTTP : w->reply ? TALK_BYTES : w->script ? TALK_SCRIPT : TALK_ECHO;
	return 0;
}

static int read_script(struct talk *t, const char *folder, char *why, size_t size)
{
	bool beside = folder && *t->wish.script != '/';
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s%s%s", beside ? folder : "", beside ? "/" : "",
		 t->wish.script);
	return script_read(&t->script, path, why, size);
}

int talk_read(struct talk *t, const char *folder, char *why, size_t size)
{
	int err = choose(t, why, size);

	if (err)
		return err;
	switch (t->kind) {
	case TALK_SCRIPT:
		return read_script(t, folder, why, size);
	case TALK_BYTES:
		return bytes_read(&t->bytes, t->wish.send, t->wish.reply, why, size);
	case TALK_HTTP:
		return http_read(&t->http, &t->wish.http, folder, why, size);
	default:
		return 0;
	}
}

void talk_free(struct talk *t)
{
	script_free(&t->script);
	bytes_free(&t->bytes);
	http_free(&t->http);
}

void talk_put(const struct talk *t, struct load_options *o)
{
	o->script = t && t->kind == TALK_SCRIPT ? &t->script : NULL;
	o->bytes = t && t->kind == TALK_BYTES ? &t->bytes : NULL;
	o->http = t && t->kind == TALK_HTTP ? &t->http : NULL;
}
