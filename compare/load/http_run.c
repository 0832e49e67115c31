/* SPDX-License-Identifier: MIT */
/*
 * The exchange of HTTP requests.  A server may say with a response that it closes the connection
 * then, as many do after a number of requests: that is no error, the next request is sent on a new
 * one.
 */
#include "compare/load/http_run.h"

#include "compare/load/exchange.h"
#include "compare/load/http_body.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What the parser's calls are told. */
struct call {
	struct load *load;
	struct load_conn *conn;
	int64_t now;
};

enum { LAST_MAX = 4096 };

struct store {
	llhttp_settings_t settings;
	struct http_text request[2]; /* by enum load_mode: keep, close */
	struct http_text several;    /* of the mode's, so that a pipeline is sent at once */
	struct http_body body;
	char last[LAST_MAX]; /* the last response that came as a whole and was right */
	size_t last_size;    /* 0: there was none */
};

static const struct http_text *request(const struct load *l)
{
	const struct store *s = l->store;

	return &s->request[l->options->mode];
}

static const char *run_misfit(const struct load_options *o, const struct address *target)
{
	return target->type == SOCK_DGRAM ? "http needs a stream" : NULL;
}

/* ---- Calls of the parser: 0, or -1 when the connection has failed ---- */

/* Whether a response is to come.  A server may answer before it has all of a request, which it
 * refuses, or whose body it does not need. */
static bool asked(const struct load *l, const struct http_run *r)
{
	return r->window.begun > r->window.answered &&
	       r->window.answered * request(l)->size < r->sent;
}

static int on_begin(llhttp_t *p)
{
	const struct call *call = p->data;
	struct http_run *r = &call->conn->http;
	struct load *l = call->load;

	r->within = true;
	r->got = 0;
	if (asked(l, r))
		return 0;
	exchange_wrong(l, call->conn, LOAD_WRONG, "a response that was not asked for");
	return -1;
}

/* Another response follows; 101 is none of these, it ends HTTP. */
static bool is_interim(const llhttp_t *p)
{
	return p->status_code >= 100 && p->status_code < 200 && p->status_code != 101;
}

/* 0; SKIP: no body follows, whatever the headers say. */
static int on_headers(llhttp_t *p)
{
	enum { SKIP = 1 };
	const struct call *call = p->data;
	const struct http *h = call->load->options->http;
	unsigned got = p->status_code, want = h->status;

	if (is_interim(p) || (want ? got == want : got >= 200 && got < 300))
		return h->head ? SKIP : 0;
	if (want)
		exchange_wrong(call->load, call->conn, LOAD_STATUS, "status: got %u, want %u", got,
			       want);
	else
		exchange_wrong(call->load, call->conn, LOAD_STATUS,
			       "status: got %u, want 200 to 299%s", got,
			       got >= 300 && got < 400 ? "; redirects are not followed" : "");
	return -1;
}

static int wrong_body(const struct call *call, enum http_body_verdict verdict, size_t same)
{
	struct load *l = call->load;
	struct load_conn *c = call->conn;
	uint64_t at = c->http.got + same;

	if (verdict == BODY_OTHER)
		exchange_wrong(l, c, LOAD_WRONG, "body: another byte than expected after %" PRIu64,
			       at);
	else if (verdict == BODY_LONGER)
		exchange_wrong(l, c, LOAD_WRONG, "body: more bytes than expected, %" PRIu64, at);
	else if (verdict == BODY_TOO_LONG)
		exchange_wrong(l, c, LOAD_WRONG,
			       "body: more than %d bytes, which cannot be compared", HTTP_BODY_MAX);
	else
		exchange_wrong(l, c, LOAD_WRONG, "body: no memory to keep it");
	return -1;
}

static int on_body(llhttp_t *p, const char *bytes, size_t n)
{
	const struct call *call = p->data;
	struct http_run *r = &call->conn->http;
	struct store *s = call->load->store;
	enum http_body_verdict verdict = BODY_SAME;
	size_t same = 0;

	if (!call->load->options->http->any_body)
		verdict = http_body_piece(&s->body, r->got, bytes, n, &same);
	if (verdict != BODY_SAME)
		return wrong_body(call, verdict, same);
	r->got += n;
	r->bare = 0;
	return 0;
}

static int on_complete(llhttp_t *p)
{
	const struct call *call = p->data;
	struct load *l = call->load;
	struct http_run *r = &call->conn->http;
	struct store *s = l->store;

	r->within = false;
	if (is_interim(p))
		return 0;
	r->bare = 0;
	if (!l->options->http->any_body && !http_body_end(&s->body, r->got)) {
		exchange_wrong(l, call->conn, LOAD_WRONG, "body: got %" PRIu64 " bytes, want %zu",
			       r->got, s->body.known);
		return -1;
	}
	r->over = !llhttp_should_keep_alive(p);
	window_done(l, call->conn, &r->window, call->now);
	return 0;
}

/* ---- The exchange ---- */

static int run_init(struct load *l)
{
	const struct http *h = l->options->http;
	struct store *s = l->store = calloc(1, sizeof(*s));
	int err = s ? 0 : -ENOMEM;

	for (int mode = LOAD_KEEP; !err && mode <= LOAD_CLOSE; mode++)
		err = http_request(h, l->options->target, mode, &s->request[mode]);
	err = err ? err
		  : http_repeat(&s->request[l->options->mode], l->options->pipeline, &s->several);
	if (err)
		return err;
	llhttp_settings_init(&s->settings);
	s->settings.on_message_begin = on_begin;
	s->settings.on_headers_complete = on_headers;
	s->settings.on_body = on_body;
	s->settings.on_message_complete = on_complete;
	if (h->expected.bytes)
		s->body = (struct http_body) { h->expected.bytes, h->expected.size, 0, true };
	return window_init(l);
}

static void run_end(struct load *l)
{
	struct store *s = l->store;

	window_end(l);
	if (!s)
		return;
	if (s->body.bytes != l->options->http->expected.bytes)
		free(s->body.bytes);
	free(s->several.bytes);
	free(s->request[LOAD_KEEP].bytes);
	free(s->request[LOAD_CLOSE].bytes);
	free(s);
}

static void run_open(struct load *l, struct load_conn *c)
{
	struct http_run *r = &c->http;
	struct store *s = l->store;

	window_open(l, &r->window, c->id);
	r->sent = r->got = r->bare = 0;
	r->within = r->over = false;
	llhttp_init(&r->parser, HTTP_RESPONSE, &s->settings);
}

static void run_begin(struct load *l, struct load_conn *c, int64_t since)
{
	window_fill(l, &c->http.window, since);
}

static size_t run_output(struct load *l, struct load_conn *c, const void **bytes)
{
	const struct store *s = l->store;
	uint64_t left = c->http.window.begun * request(l)->size - c->http.sent;
	size_t at = (size_t)(c->http.sent % s->several.size), n = s->several.size - at;

	*bytes = s->several.bytes + at;
	return left < n ? (size_t)left : n;
}

static void run_sent(struct load_conn *c, size_t n)
{
	c->http.sent += n;
}

static size_t run_sample(const struct load *l, char *out, size_t room)
{
	const struct store *s = l->store;
	const struct http_text *t = &s->request[LOAD_KEEP];
	size_t n = t->size < room ? t->size : room;

	memcpy(out, t->bytes, n);
	return n;
}

/* What was not HTTP: unless one of the calls has said what was wrong. */
static void garbage(struct load *l, struct load_conn *c)
{
	const char *reason = llhttp_get_error_reason(&c->http.parser);

	if (c->fd >= 0)
		exchange_wrong(l, c, LOAD_WRONG, "no HTTP response: %.100s",
			       reason ? reason : "unknown");
}

/* What is byte for byte the last response needs no parser: how many bytes of whole ones. */
static size_t take_same(struct load *l, struct load_conn *c, const char *bytes, size_t n,
			int64_t now)
{
	struct http_run *r = &c->http;
	const struct store *s = l->store;
	size_t size = s->last_size, taken = 0;

	if (!size || r->within)
		return 0;
	while (n - taken >= size && asked(l, r) && !memcmp(bytes + taken, s->last, size)) {
		taken += size;
		window_done(l, c, &r->window, now);
	}
	return taken;
}

static void keep_last(struct store *s, const char *bytes, size_t n)
{
	s->last_size = n <= LAST_MAX ? n : 0;
	memcpy(s->last, bytes, s->last_size);
}

/* Whether the n bytes were right, as far as they have come. */
static bool parse(struct load *l, struct load_conn *c, const char *bytes, size_t n, int64_t now)
{
	struct call call = { l, c, now };

	c->http.parser.data = &call;
	c->http.bare += n;
	if (llhttp_execute(&c->http.parser, bytes, n) != HPE_OK)
		garbage(l, c);
	else if (c->http.bare > HTTP_HEAD_MAX)
		exchange_wrong(l, c, LOAD_WRONG, "head: more than %d bytes", HTTP_HEAD_MAX);
	return c->fd >= 0;
}

static void run_input(struct load *l, struct load_conn *c, size_t n, int64_t now)
{
	struct http_run *r = &c->http;
	const char *bytes = (const char *)l->in;
	size_t same = take_same(l, c, bytes, n, now);
	uint64_t answered = r->window.answered;
	bool began = !r->within;

	if (same == n || !parse(l, c, bytes + same, n - same, now))
		return;
	if (began && !r->within && !r->over && r->window.answered == answered + 1)
		keep_last(l->store, bytes + same, n - same);
}

/* A body without a length ends with the connection. */
static bool run_ended(struct load *l, struct load_conn *c, int64_t now)
{
	struct call call = { l, c, now };

	if (!c->http.within || !llhttp_message_needs_eof(&c->http.parser))
		return false;
	c->http.parser.data = &call;
	return llhttp_finish(&c->http.parser) == HPE_OK || c->fd < 0;
}

static bool run_owed(const struct load *l, const struct load_conn *c)
{
	return c->http.window.begun > c->http.window.answered;
}

static bool run_midway(const struct load *l, const struct load_conn *c)
{
	return c->http.within;
}

static bool run_over(const struct load_conn *c)
{
	return c->http.over;
}

const struct exchange http_exchange = {
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
	.ended = run_ended,
	.over = run_over,
};
