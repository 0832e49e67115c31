/* SPDX-License-Identifier: MIT */
/* The exchange of one request and its reply, as they are described. */
#include "compare/load/bytes_run.h"

#include "compare/load/exchange.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *run_misfit(const struct load_options *o, const struct address *target)
{
	if (target->type == SOCK_DGRAM)
		return "a reply that is described needs a stream, tcp:// or unix://";
	if (!o->bytes->request.size && o->mode == LOAD_KEEP)
		return "without a text to send there is one reply for each connection: mode close";
	return NULL;
}

static int run_init(struct load *l)
{
	unsigned n = l->count;

	if (l->options->bytes->pattern.count) {
		l->store = calloc(n, SCRIPT_LINE);
		if (!l->store)
			return -ENOMEM;
		for (unsigned i = 0; i < n; i++)
			l->conns[i].bytes.line = (char *)l->store + (size_t)i * SCRIPT_LINE;
	}
	return window_init(l);
}

static void run_end(struct load *l)
{
	window_end(l);
	free(l->store);
}

static void run_open(struct load *l, struct load_conn *c)
{
	struct bytes_run *r = &c->bytes;

	window_open(l, &r->window, c->id);
	r->sent = r->got = r->length = 0;
}

static void run_begin(struct load *l, struct load_conn *c, int64_t since)
{
	window_fill(l, &c->bytes.window, since);
}

static size_t run_output(struct load *l, struct load_conn *c, const void **bytes)
{
	const struct bytes_block *b = &l->options->bytes->request;
	const struct bytes_run *r = &c->bytes;
	uint64_t left = r->window.begun * b->size - r->sent;
	size_t at = b->size ? (size_t)(r->sent % b->size) : 0;

	*bytes = b->bytes + at;
	return left < b->room - at ? (size_t)left : b->room - at;
}

static void run_sent(struct load_conn *c, size_t n)
{
	c->bytes.sent += n;
}

static bool run_owed(const struct load *l, const struct load_conn *c)
{
	return c->bytes.window.begun > c->bytes.window.answered;
}

static bool run_midway(const struct load *l, const struct load_conn *c)
{
	return c->bytes.got;
}

static size_t run_sample(const struct load *l, char *out, size_t room)
{
	const struct bytes_block *b = &l->options->bytes->request;

	memcpy(out, b->size ? b->bytes : "\n", b->size ? b->size : 1);
	return b->size ? b->size : 1;
}

/* ---- Replies: each takes a piece of one; how much, or 0: it was wrong, which is said ---- */

static size_t take_any(struct load *l, struct load_conn *c, const char *at, size_t n, bool *whole)
{
	uint64_t left = l->options->bytes->size - c->bytes.got;

	*whole = n >= left;
	return *whole ? (size_t)left : n;
}

static size_t take_repeated(struct load *l, struct load_conn *c, const char *at, size_t n,
			    bool *whole)
{
	const struct bytes_block *b = &l->options->bytes->text;
	uint64_t left = l->options->bytes->size - c->bytes.got;
	size_t from = (size_t)(c->bytes.got % b->size), same = 0;

	n = n < left ? n : (size_t)left;
	n = n < b->room - from ? n : b->room - from;
	*whole = n == left;
	if (!memcmp(at, b->bytes + from, n))
		return n;
	while (at[same] == b->bytes[from + same])
		same++;
	exchange_wrong(l, c, LOAD_WRONG, "byte %" PRIu64 " of a reply: got \\x%02x, want \\x%02x",
		       c->bytes.got + same + 1, (unsigned char)at[same],
		       (unsigned char)b->bytes[from + same]);
	return 0;
}

static size_t take_prefixed(struct load *l, struct load_conn *c, const char *at, size_t n,
			    bool *whole)
{
	struct bytes_run *r = &c->bytes;
	uint64_t left, width = l->options->bytes->size;

	if (r->got < width) {
		r->length = r->length << 8 | (unsigned char)*at;
		*whole = r->got + 1 == width && !r->length;
		return 1;
	}
	left = width + r->length - r->got;
	*whole = n >= left;
	return *whole ? (size_t)left : n;
}

static bool line_matches(struct load *l, struct load_conn *c, const char *line, size_t n)
{
	const struct bytes *b = l->options->bytes;
	struct script_memory nothing = { 0 };

	if (n && line[n - 1] == '\r')
		n--;
	if (script_match(b->script, &b->pattern, &nothing, line, n))
		return true;
	exchange_wrong(l, c, LOAD_WRONG, "a line: got '%.*s', want %.80s", n < 100 ? (int)n : 100,
		       line, b->reply);
	return false;
}

/* What has come of a line before is in its room. */
static size_t take_matching(struct load *l, struct load_conn *c, const char *at, size_t n,
			    bool whole)
{
	struct bytes_run *r = &c->bytes;
	const char *line = at;

	if (r->got + n > SCRIPT_LINE) {
		exchange_wrong(l, c, LOAD_WRONG, "a line: got more than %d bytes, want %.80s",
			       SCRIPT_LINE, l->options->bytes->reply);
		return 0;
	}
	if (r->got || !whole) {
		memcpy(r->line + r->got, at, n);
		line = r->line;
	}
	return !whole || line_matches(l, c, line, (size_t)r->got + n - 1) ? n : 0;
}

static size_t take_line(struct load *l, struct load_conn *c, const char *at, size_t n, bool *whole)
{
	const char *eol = memchr(at, '\n', n);

	*whole = eol;
	n = eol ? (size_t)(eol - at) + 1 : n;
	return l->options->bytes->pattern.count ? take_matching(l, c, at, n, *whole) : n;
}

static size_t (*const take[])(struct load *l, struct load_conn *c, const char *at, size_t n,
			      bool *whole) = {
	[BYTES_ANY] = take_any,
	[BYTES_REPEATED] = take_repeated,
	[BYTES_PREFIXED] = take_prefixed,
	[BYTES_LINE] = take_line,
};

/* Whether the request that is to be answered now was sent as a whole. */
static bool asked(const struct load *l, const struct bytes_run *r)
{
	return r->window.begun > r->window.answered &&
	       (r->window.answered + 1) * l->options->bytes->request.size <= r->sent;
}

static void run_input(struct load *l, struct load_conn *c, size_t n, int64_t now)
{
	const char *at = (const char *)l->in;
	struct bytes_run *r = &c->bytes;

	for (size_t taken; n; at += taken, n -= taken) {
		bool whole = false;

		if (!asked(l, r)) {
			exchange_wrong(l, c, LOAD_WRONG, "%zu bytes that were not asked for", n);
			return;
		}
		taken = take[l->options->bytes->kind](l, c, at, n, &whole);
		if (!taken)
			return;
		r->got += taken;
		if (whole) {
			r->got = r->length = 0;
			window_done(l, c, &r->window, now);
		}
	}
}

const struct exchange bytes_exchange = {
	.misfit = run_misfit,
	.init = run_init,
	.end = run_end,
	.open = run_open,
	.begin = run_begin,
	.output = run_output,
	.sent = run_sent,
	.input = run_input,
	.owed = run_owed,
	.midway = run_midway,
	.sample = run_sample,
};
