/* SPDX-License-Identifier: MIT */
/* All that a form's parser tells of a body, as one text, however the body comes in pieces. */
#ifndef TESTS_HTTP_FORMS_TRANSCRIPT_H
#define TESTS_HTTP_FORMS_TRANSCRIPT_H

#include "handlers/http/forms/parser.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct transcript {
	char *text;
	size_t len, room;
};

/* How a body is cut: at most piece bytes at a time, or any number up to that many. */
struct cuts {
	size_t piece;
	uint32_t random; /* 0: always piece */
};

static inline size_t cuts_next(struct cuts *c, size_t left)
{
	size_t n = c->piece;

	if (c->random) {
		c->random = c->random * 1664525u + 1013904223u;
		n = (c->random >> 8) % c->piece + 1;
	}
	return n < left ? n : left;
}

static inline void transcript_add(struct transcript *t, const void *data, size_t n)
{
	if (t->len + n + 1 > t->room) {
		t->room = (t->len + n + 1) * 2;
		t->text = realloc(t->text, t->room);
		if (!t->text)
			abort();
	}
	if (n)
		memcpy(t->text + t->len, data, n);
	t->len += n;
	t->text[t->len] = '\0';
}

static inline void transcript_say(struct transcript *t, const char *key, const char *text)
{
	transcript_add(t, key, strlen(key));
	transcript_add(t, text ? text : "-", text ? strlen(text) : 1);
}

static inline const char *transcript_error(int rc)
{
	switch (rc) {
	case -EBADMSG:
		return "EBADMSG";
	case -EMSGSIZE:
		return "EMSGSIZE";
	case -EOPNOTSUPP:
		return "EOPNOTSUPP";
	default:
		return "another error";
	}
}

/* "[name|filename|type|value]" of each part, then "." or the name of an error. */
static inline void transcript_event(struct transcript *t, const struct form_parser *p, int event,
				    const struct form_piece *piece)
{
	const struct modus_http_part *part = form_parser_part(p);

	if (event == FORM_PART) {
		transcript_say(t, "[", part->name);
		transcript_say(t, "|", part->filename);
		transcript_say(t, "|", part->type);
		transcript_add(t, "|", 1);
	} else if (event == FORM_DATA) {
		transcript_add(t, piece->data, piece->n);
	} else if (event == FORM_DONE) {
		transcript_add(t, "]", 1);
	} else if (event == FORM_END) {
		transcript_add(t, ".", 1);
	} else if (event < 0) {
		transcript_say(t, "", transcript_error(event));
	}
}

/* One piece, in memory of exactly its size; so tools see what is read beyond it.  Returns the last
 * event. */
static inline int transcript_piece(struct transcript *t, struct form_parser *p, const char *data,
				   size_t n)
{
	char *copy = malloc(n), *at = copy;
	struct form_piece piece;
	int event;

	if (!copy)
		abort();
	memcpy(copy, data, n);
	do {
		event = form_parser_next(p, &at, copy + n, &piece);
		transcript_event(t, p, event, &piece);
	} while (event > FORM_MORE);
	free(copy);
	return event;
}

static inline struct transcript transcript_take(const char *type, const char *body, size_t n,
						struct cuts cuts)
{
	static struct form_parser p;
	struct transcript t = { 0 };
	struct form_piece piece;
	int event = form_parser_begin(&p, type);

	if (event < 0)
		transcript_event(&t, &p, event, NULL);
	for (size_t at = 0, size; event >= 0 && at < n; at += size) {
		size = cuts_next(&cuts, n - at);
		event = transcript_piece(&t, &p, body + at, size);
	}
	while (event >= 0 && event != FORM_END) {
		event = form_parser_end(&p, &piece);
		transcript_event(&t, &p, event, &piece);
	}
	return t;
}

/* To be freed. */
static inline char *transcript_of(const char *type, const char *body, size_t n, struct cuts cuts)
{
	return transcript_take(type, body, n, cuts).text;
}

#endif
