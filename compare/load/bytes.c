/* SPDX-License-Identifier: MIT */
/* Reads a request and the description of its reply. */
#include "compare/load/bytes.h"

#include "compare/load/script_parser.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 16384 };
static const size_t REPLY_MAX = (size_t)1 << 30;

struct reader {
	struct bytes *bytes;
	const char *what; /* is read: "send", "reply" */
	uint32_t pooled;
	char *why;
	size_t size;
};

static int refuse(const struct reader *r, const char *got, const char *want)
{
	snprintf(r->why, r->size, "%s: got '%.60s', want %s", r->what, got, want);
	return -EINVAL;
}

static int no_memory(const struct reader *r)
{
	snprintf(r->why, r->size, "%s: out of memory", r->what);
	return -ENOMEM;
}

/* What a script would have between quotes, with them: a bare quote or an end of line in it is
 * written as the escape for it. */
static char *quote(const char *text)
{
	char *quoted = malloc(2 * strlen(text) + 3), *to = quoted;

	if (!quoted)
		return NULL;
	*to++ = '"';
	for (; *text; text++) {
		if (*text == '"' || *text == '\n')
			*to++ = '\\';
		*to++ = (char)(*text == '\n' ? 'n' : *text);
		if (*text == '\\' && text[1])
			*to++ = *++text;
	}
	*to++ = '"';
	*to = '\0';
	return quoted;
}

/* The place in a script's file means nothing here: "-:1: escape: got..." */
static int parser_said(const struct reader *r, const char *said)
{
	const char *at = strstr(said, ": ");

	snprintf(r->why, r->size, "%s: %s", r->what, at ? at + 2 : said);
	return -EINVAL;
}

static int read_quoted(struct reader *r, const char *text, enum script_quoted kind,
		       struct script_text *t)
{
	char said[256] = "", *quoted = quote(text);
	struct script_parser p = { .script = r->bytes->script,
				   .at = quoted,
				   .line = 1,
				   .why = said,
				   .size = sizeof(said),
				   .pooled = r->pooled };
	int err = quoted ? parser_quoted(&p, kind, t) : -ENOMEM;

	free(quoted);
	r->pooled = p.pooled;
	if (err)
		return err == -ENOMEM ? no_memory(r) : parser_said(r, said);
	for (unsigned i = t->first; i < t->first + t->count; i++) {
		const struct script_part *part = &r->bytes->script->parts[i];

		if (part->type != PART_BYTES && part->type != PART_REST &&
		    (part->type != PART_WORD || part->from >= 0))
			return refuse(r, text, "nothing with values, which need a script");
	}
	return 0;
}

static int read_block(struct reader *r, const char *text, struct bytes_block *b)
{
	const struct script *s = r->bytes->script;
	struct script_text t;
	int err = read_quoted(r, text, QUOTED_TEXT, &t);

	if (err)
		return err;
	b->size = s->parts[t.first].size;
	b->room = b->size < BLOCK ? BLOCK - BLOCK % b->size : b->size;
	b->bytes = malloc(b->room);
	if (!b->bytes)
		return no_memory(r);
	for (size_t at = 0; at < b->room; at += b->size)
		memcpy(b->bytes + at, s->pool + s->parts[t.first].from, b->size);
	return 0;
}

/* ---- The kinds of replies ---- */

static int read_exact(struct reader *r, const char *text)
{
	struct bytes *b = r->bytes;
	int err = read_block(r, text, &b->text);

	b->kind = BYTES_REPEATED;
	b->size = b->text.size;
	return err;
}

static int read_count(struct reader *r, const char *text)
{
	struct bytes *b = r->bytes;
	char *end;

	errno = 0;
	b->size = strtoull(text, &end, 10);
	if (!isdigit((unsigned char)*text) || errno || b->size < 1 || b->size > REPLY_MAX ||
	    (*end && *end != ':'))
		return refuse(r, text, "a number of bytes from 1 to 1073741824 and, if :, a text");
	b->kind = *end ? BYTES_REPEATED : BYTES_ANY;
	return *end ? read_block(r, end + 1, &b->text) : 0;
}

static int read_prefix(struct reader *r, const char *text)
{
	if (strcmp(text, "1") != 0 && strcmp(text, "2") != 0 && strcmp(text, "4") != 0)
		return refuse(r, text, "a length of 1, 2 or 4 bytes");
	r->bytes->kind = BYTES_PREFIXED;
	r->bytes->size = (size_t)(*text - '0');
	return 0;
}

static int read_line(struct reader *r, const char *text)
{
	r->bytes->kind = BYTES_LINE;
	return *text ? read_quoted(r, text, QUOTED_PATTERN, &r->bytes->pattern) : 0;
}

static const struct {
	const char *name;
	int (*read)(struct reader *r, const char *text);
} kinds[] = {
	{ "exact", read_exact },
	{ "bytes", read_count },
	{ "prefix", read_prefix },
	{ "line", read_line },
};

static int read_reply(struct reader *r, const char *reply)
{
	size_t n = strcspn(reply, ":");

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strlen(kinds[i].name) == n && !strncmp(kinds[i].name, reply, n))
			return kinds[i].read(r, reply + n + (reply[n] == ':'));
	return refuse(r, reply,
		      "exact:TEXT, bytes:N, bytes:N:TEXT, prefix:1, prefix:2, prefix:4, "
		      "line or line:PATTERN");
}

int bytes_read(struct bytes *b, const char *send, const char *reply, char *why, size_t size)
{
	struct reader r = { .bytes = b, .what = "send", .why = why, .size = size };
	int err = 0;

	*b = (struct bytes) { .script = calloc(1, sizeof(*b->script)) };
	if (b->script)
		b->script->pool = malloc((send ? strlen(send) : 0) + strlen(reply) + 1);
	if (!b->script || !b->script->pool)
		return no_memory(&r);
	snprintf(b->reply, sizeof(b->reply), "%s", reply);
	if (send && *send)
		err = read_block(&r, send, &b->request);
	r.what = "reply";
	return err ? err : read_reply(&r, reply);
}

void bytes_free(struct bytes *b)
{
	if (b->script)
		script_free(b->script);
	free(b->script);
	free(b->request.bytes);
	free(b->text.bytes);
	*b = (struct bytes) { 0 };
}
