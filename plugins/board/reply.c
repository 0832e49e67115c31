/* SPDX-License-Identifier: MIT */
#include "reply.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static bool make_room(struct reply *r, size_t n)
{
	size_t room = r->room ? r->room : 512;
	char *text;

	if (r->failed || r->len + n < r->room)
		return !r->failed;
	while (room <= r->len + n)
		room *= 2;
	text = realloc(r->text, room);
	r->failed = !text;
	if (!text)
		return false;
	r->text = text;
	r->room = room;
	return true;
}

static void add(struct reply *r, const char *bytes, size_t n)
{
	if (!n || !make_room(r, n))
		return;
	memcpy(r->text + r->len, bytes, n);
	r->len += n;
}

void reply_line(struct reply *r, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (!make_room(r, (size_t)n + 2))
		return;
	va_start(args, format);
	vsnprintf(r->text + r->len, (size_t)n + 1, format, args);
	va_end(args);
	memcpy(r->text + r->len + n, "\r\n", 2);
	r->len += (size_t)n + 2;
}

void reply_join(struct reply *r, struct reply *more)
{
	r->failed = r->failed || more->failed;
	add(r, more->text, more->len);
	free(more->text);
	*more = (struct reply) { 0 };
}

/* Each line of a body has a blank before it, so that none can be taken for another. */
static void add_body(struct reply *r, const char *body)
{
	while (*body) {
		size_t n = strcspn(body, "\n");

		add(r, " ", 1);
		add(r, body, n);
		add(r, "\r\n", 2);
		body += n + (body[n] != '\0');
	}
}

static const char *state_of(const struct store_post *p)
{
	if (p->deleted)
		return "deleted";
	if (p->hidden)
		return "hidden";
	return p->edited ? "edited" : "-";
}

void reply_post(struct reply *r, const struct store_post *p, bool hidden)
{
	char when[REPLY_TIME], answers[24] = "-";

	if (p->reply_to)
		snprintf(answers, sizeof(answers), "%lld", (long long)p->reply_to);
	reply_line(r, "post %lld %lld %s %s %s %s", (long long)p->id, (long long)p->position,
		   answers, reply_time(when, p->created), state_of(p), p->author);
	if (!p->hidden || hidden)
		add_body(r, p->body);
}

const char *reply_subject(const char *subject, bool unseen, bool hidden)
{
	return unseen && !hidden ? "(hidden)" : subject;
}

void reply_dot(struct reply *r)
{
	reply_line(r, ".");
}

const char *reply_time(char out[REPLY_TIME], int64_t t)
{
	time_t when = (time_t)t;
	struct tm parts;

	if (!gmtime_r(&when, &parts) || !strftime(out, REPLY_TIME, "%Y-%m-%dT%H:%M:%SZ", &parts))
		snprintf(out, REPLY_TIME, "-");
	return out;
}

int reply_send(struct reply *r, struct modus_conn *c)
{
	int rc = r->failed ? -ENOMEM : 0;

	if (!rc && r->len)
		rc = modus_write(c, r->text, r->len);
	reply_drop(r);
	return rc;
}

void reply_drop(struct reply *r)
{
	free(r->text);
	*r = (struct reply) { 0 };
}
