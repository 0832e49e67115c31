/* SPDX-License-Identifier: MIT */
/*
 * Reads heads: finds where one ends, lets llhttp take it apart, and has the strict layer look at
 * what came of that.  All is done in place: names and values become strings by the NUL that is put
 * in the place of the colon, or the CR, behind them.
 */
#include "handlers/http/exchange.h"
#include "handlers/http/values/list.h"
#include "handlers/http/values/target.h"

#include <llhttp.h>
#include <string.h>

/* ---- The end ---- */

ssize_t http_head_end(const char *data, size_t n, uint32_t *scanned)
{
	size_t at = *scanned;
	const char *lf;

	while ((lf = memchr(data + at, '\n', n - at))) {
		at = (size_t)(lf - data) + 1;
		if (at < 2 || lf[-1] != '\r')
			return -1;
		if (at >= 4 && lf[-2] == '\n')
			return (ssize_t)at;
		*scanned = (uint32_t)at;
	}
	return 0;
}

/* ---- llhttp ---- */

struct span {
	char *at;
	size_t len;
};

struct reading {
	struct modus_http *h;
	struct span url;
	size_t max;
	bool full;
};

static int on_url(llhttp_t *p, const char *at, size_t n)
{
	struct reading *r = p->data;

	if (!r->url.at)
		r->url.at = (char *)(uintptr_t)at;
	r->url.len += n;
	return 0;
}

static int on_name(llhttp_t *p, const char *at, size_t n)
{
	struct reading *r = p->data;
	struct http_fields *f = &r->h->request.fields;

	if (f->count == r->max) {
		r->full = true;
		return HPE_USER;
	}
	f->all[f->count++] = (struct http_field) { at, at + n, (uint32_t)n, 0 };
	return 0;
}

static int on_value(llhttp_t *p, const char *at, size_t n)
{
	struct reading *r = p->data;
	struct http_fields *f = &r->h->request.fields;

	if (n == 0)
		return 0; /* at may be the next line */
	while (n > 0 && (at[n - 1] == ' ' || at[n - 1] == '\t'))
		n--;
	f->all[f->count - 1].value = at;
	f->all[f->count - 1].value_len = (uint32_t)n;
	return 0;
}

static const llhttp_settings_t callbacks = {
	.on_url = on_url,
	.on_header_field = on_name,
	.on_header_value = on_value,
};

/* What llhttp refuses without our having found it is malformed to it, if not to us. */
static int parse(struct reading *r, const char *head, size_t n)
{
	llhttp_t parser;
	llhttp_errno_t rc;

	llhttp_init(&parser, HTTP_REQUEST, &callbacks);
	parser.lenient_flags |= LENIENT_VERSION; /* http_strict_line() has seen to it */
	parser.data = r;
	rc = llhttp_execute(&parser, head, n);
	if (r->full)
		return 431;
	if (rc == HPE_INVALID_METHOD)
		return 501;
	return rc == HPE_OK || rc == HPE_PAUSED_UPGRADE ? 0 : 400;
}

/* ---- The whole ---- */

/* llhttp takes blanks behind a length or a coding, but no tabs, which are as good (RFC 9110 5.6.3).
 */
static void blank_tabs(char *head, const char *lf)
{
	for (char *at = head + (lf - head) - 2; at > head && (*at == '\t' || *at == ' '); at--)
		*at = ' ';
}

/* The lines of fields; -1: one goes on in the next, which nobody may say any more (RFC 9112 5.2).
 */
static ssize_t look_at_lines(char *head, size_t n)
{
	ssize_t lines = -2; /* the first and the last are none */

	for (const char *at = head; (at = memchr(at, '\n', n - (size_t)(at - head))); lines++) {
		if (lines > -2)
			blank_tabs(head, at);
		if (++at < head + n && (*at == ' ' || *at == '\t'))
			return -1;
	}
	return lines;
}

static int read_target(struct modus_http *h, struct http_target *t)
{
	struct http_request *r = &h->request;

	r->path = modus_alloc(h->conn, strlen(r->target) + 2);
	if (!r->path)
		return 503;
	if (!http_target_read(r->target, r->method, r->path, t)) {
		r->path = NULL;
		return 400;
	}
	r->query = t->query;
	r->mount = "";
	return 0;
}

/* A body's bytes come to lie where the head does, so its strings move. */
static int keep_head(struct modus_http *h, const char *head, size_t n)
{
	struct http_request *r = &h->request;
	char *copy = modus_alloc(h->conn, n);

	if (!copy)
		return 503;
	memcpy(copy, head, n);
	r->method = copy + (r->method - head);
	r->target = copy + (r->target - head);
	if (r->query)
		r->query = copy + (r->query - head);
	for (size_t i = 0; i < r->fields.count; i++) {
		struct http_field *f = &r->fields.all[i];

		f->name = copy + (f->name - head);
		f->value = copy + (f->value - head);
	}
	return 0;
}

/* Once llhttp has looked at what stands behind them. */
static void end_strings(struct http_fields *f)
{
	for (size_t i = 0; i < f->count; i++) {
		((char *)(uintptr_t)f->all[i].name)[f->all[i].name_len] = '\0';
		((char *)(uintptr_t)f->all[i].value)[f->all[i].value_len] = '\0';
	}
}

static void note_method(struct modus_http *h, char *head)
{
	char *blank = strchr(head, ' ');

	*blank = '\0';
	h->request.method = head;
}

int http_head_read(struct modus_http *h, char *head, size_t n)
{
	struct http_request *r = &h->request;
	ssize_t lines = look_at_lines(head, n);
	struct reading reading = { .h = h, .max = (size_t)lines };
	struct http_target target;
	struct http_known known;
	int rc = http_strict_line(head, n, &r->minor);

	r->is_head = n > 5 && memcmp(head, "HEAD ", 5) == 0; /* also where it is refused */
	if (rc || lines < 0)
		return rc ? rc : 400;
	if (lines > h->limits->fields)
		return 431;
	r->fields.all = modus_alloc(h->conn, ((size_t)lines + 1) * sizeof(*r->fields.all));
	if (!r->fields.all)
		return 503;
	rc = parse(&reading, head, n);
	rc = rc ? rc : http_strict_fields(&r->fields);
	if (rc) {
		r->fields.count = 0; /* they are no strings yet */
		return rc;
	}
	end_strings(&r->fields);
	note_method(h, head);
	reading.url.at[reading.url.len] = '\0';
	r->target = reading.url.at;
	http_strict_note(&r->fields, &known);
	rc = read_target(h, &target);
	rc = rc ? rc : http_strict_host(h, &known, target.authority, target.authority_len);
	rc = rc ? rc : http_strict_framing(r, &known, &h->body);
	return rc || h->body.ended ? rc : keep_head(h, head, n);
}
