/* SPDX-License-Identifier: MIT */
/*
 * What is asked of a head beyond what llhttp asks: whatever two readers of a request might
 * understand differently is refused (RFC 9112 11.2), never guessed.
 */
#include "handlers/http/exchange.h"
#include "handlers/http/values/list.h"
#include "handlers/http/values/target.h"

#include <string.h>
#include <strings.h>

/* ---- The request line: METHOD SP TARGET SP HTTP/1.x CR LF (RFC 9112 3) ---- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A later minor version is understood as the last that we know (RFC 9110 2.5). */
static int version_of(const char *text, size_t n, int *minor)
{
	if (n != 8 || memcmp(text, "HTTP/", 5) != 0 || !is_digit(text[5]) || text[6] != '.' ||
	    !is_digit(text[7]))
		return 400;
	*minor = text[7] > '0';
	return text[5] == '1' ? 0 : 505;
}

int http_strict_line(const char *head, size_t n, int *minor)
{
	const char *end = memchr(head, '\r', n), *first = memchr(head, ' ', n), *second;

	if (!end || end[1] != '\n' || !first || first > end)
		return 400;
	if (!http_is_token(head, (size_t)(first - head)))
		return 400;
	second = memchr(first + 1, ' ', (size_t)(end - first) - 1);
	if (!second || second == first + 1)
		return 400;
	for (const char *at = first + 1; at < second; at++)
		if ((unsigned char)*at <= 0x20 || (unsigned char)*at >= 0x7f)
			return 400;
	return version_of(second + 1, (size_t)(end - second) - 1, minor);
}

/* ---- Fields (RFC 9112 5) ---- */

int http_strict_fields(const struct http_fields *fields)
{
	for (size_t i = 0; i < fields->count; i++) {
		const struct http_field *f = &fields->all[i];

		if (!http_is_token(f->name, f->name_len) || f->name[f->name_len] != ':' ||
		    !http_is_value(f->value, f->value_len))
			return 400;
	}
	return 0;
}

/* ---- Those that decide on the message ---- */

static bool is_named(const struct http_field *f, const char *name)
{
	return strcasecmp(f->name, name) == 0;
}

static void note_connection(struct http_known *k, const char *value)
{
	k->close = k->close || http_list_has(value, "close");
	k->keep = k->keep || http_list_has(value, "keep-alive");
}

/* Names of the same length are seldom another's, so most fields are passed over at once. */
static void note_field(struct http_known *k, const struct http_field *f)
{
	switch (f->name_len) {
	case sizeof("Host") - 1:
		if (is_named(f, "Host") && k->hosts++ == 0)
			k->host = f->value;
		break;
	case sizeof("Expect") - 1:
		if (is_named(f, "Expect")) /* several say what none of them is */
			k->expect = k->expect ? "" : f->value;
		break;
	case sizeof("Connection") - 1:
		if (is_named(f, "Connection"))
			note_connection(k, f->value);
		break;
	case sizeof("Content-Length") - 1:
		if (is_named(f, "Content-Length") && k->lengths++ == 0)
			k->length = f->value;
		break;
	case sizeof("Transfer-Encoding") - 1:
		if (is_named(f, "Transfer-Encoding") && k->codings++ == 0)
			k->coding = f->value;
		break;
	}
}

void http_strict_note(const struct http_fields *fields, struct http_known *k)
{
	*k = (struct http_known) { 0 };
	for (size_t i = 0; i < fields->count; i++)
		note_field(k, &fields->all[i]);
}

/* ---- Host (RFC 9112 3.2, 7.2) ---- */

int http_strict_host(struct modus_http *h, const struct http_known *k, const char *authority,
		     size_t authority_len)
{
	size_t n = k->host ? strlen(k->host) : 0;
	char *out;

	if (k->hosts > 1 || (k->hosts == 0 && h->request.minor > 0))
		return 400;
	out = modus_alloc(h->conn, (n > authority_len ? n : authority_len) + 1);
	if (!out)
		return 503;
	*out = '\0';
	if (n > 0 && !http_host_read(k->host, n, out))
		return 400;
	if (authority && !http_host_read(authority, authority_len, out))
		return 400; /* it stands in the place of the field */
	h->request.host = out;
	return 0;
}

/* ---- The body's framing (RFC 9112 6) ---- */

static int read_length(const char *text, int64_t *out)
{
	size_t n = strlen(text);

	if (n == 0 || n > 18)
		return 400;
	for (*out = 0; *text; text++) {
		if (!is_digit(*text))
			return 400;
		*out = *out * 10 + (*text - '0');
	}
	return 0;
}

/* "chunked" once, at the end.  Other codings before it are none that we know. */
static int read_codings(const struct http_request *r, const char *codings, size_t count)
{
	const char *item;
	size_t n, items = 0, chunked = 0;
	bool last = false;

	if (r->minor == 0 || count > 1)
		return 400;
	while (http_list_next(&codings, &item, &n)) {
		items++;
		last = n == 7 && strncasecmp(item, "chunked", 7) == 0;
		chunked += last;
	}
	if (chunked != 1 || !last)
		return 400;
	return items == 1 ? 0 : 501;
}

static int read_expectation(struct http_request *r, const char *expect)
{
	if (!expect || r->minor == 0)
		return 0;
	if (strcasecmp(expect, "100-continue") != 0)
		return 417;
	r->expects = true;
	return 0;
}

int http_strict_framing(struct http_request *r, const struct http_known *k, struct http_body *body)
{
	int rc = 0;

	if (k->lengths > 1 || (k->length && k->coding))
		return 400;
	if (k->coding)
		rc = read_codings(r, k->coding, k->codings);
	else if (k->length)
		rc = read_length(k->length, &body->length);
	if (rc)
		return rc;
	if (k->coding)
		body->length = -1;
	body->left = body->length;
	body->ended = body->length == 0;
	r->keep = !k->close && (r->minor > 0 || k->keep);
	return read_expectation(r, k->expect);
}
