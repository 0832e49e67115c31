/* SPDX-License-Identifier: MIT */
/*
 * The response.  Its body is gathered until it is whole, or too much to gather: so a short one has
 * its length said, whoever wrote it, and a longer one is framed as the request allows.
 */
#include "handlers/http/codings/coding.h"
#include "handlers/http/exchange.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int fail(struct modus_http *h, int error)
{
	return h->reply.failed = error;
}

/* ---- The body, once the head is sent ---- */

static int send_chunk(struct modus_http *h, const void *buf, size_t n)
{
	char size[20];
	int len = snprintf(size, sizeof(size), "%zx\r\n", n), rc;

	modus_write(h->conn, size, (size_t)len);
	rc = modus_write(h->conn, buf, n);
	return rc ? rc : modus_write(h->conn, "\r\n", 2);
}

static int send_gathered(struct modus_http *h)
{
	struct http_reply *r = &h->reply;
	size_t n = r->gathered_len;

	r->gathered_len = 0;
	return n ? send_chunk(h, r->gathered, n) : 0;
}

/* Little writes make a chunk together. */
static int add_to_chunk(struct modus_http *h, const void *buf, size_t n)
{
	struct http_reply *r = &h->reply;
	int rc = n > r->room - r->gathered_len ? send_gathered(h) : 0;

	if (rc)
		return rc;
	if (n > r->room - r->gathered_len)
		return send_chunk(h, buf, n);
	memmove(r->gathered + r->gathered_len, buf, n); /* it may be what was gathered before */
	r->gathered_len += n;
	return 0;
}

/* Bytes as they are sent. */
static int put_body(void *arg, const void *buf, size_t n)
{
	struct modus_http *h = arg;
	struct http_reply *r = &h->reply;

	r->sent += (int64_t)n;
	if (h->request.is_head)
		return 0;
	return r->framing == HTTP_CHUNKED ? add_to_chunk(h, buf, n) : modus_write(h->conn, buf, n);
}

static int send_body(struct modus_http *h, const void *buf, size_t n)
{
	struct http_reply *r = &h->reply;
	int rc;

	if (n == 0 || r->framing == HTTP_NO_BODY)
		return 0;
	if (r->framing == HTTP_LENGTH && r->sent + (int64_t)n > r->length)
		return fail(h, -EMSGSIZE); /* more than was said */
	rc = r->encoder ? http_encoder_write(r->encoder, buf, n, put_body, h) : put_body(h, buf, n);
	return rc ? fail(h, rc) : 0;
}

int http_body_file(struct modus_http *h, int fd, int64_t offset, int64_t count)
{
	struct http_reply *r = &h->reply;
	int rc;

	if (count == 0 || r->framing == HTTP_NO_BODY)
		return 0;
	if (r->framing == HTTP_LENGTH && r->sent + count > r->length)
		return fail(h, -EMSGSIZE);
	r->sent += count;
	if (h->request.is_head)
		return 0;
	rc = modus_sendfile(h->conn, fd, offset, count);
	return rc ? fail(h, rc) : 0;
}

/* What was gathered goes into the encoder, whose chunks are gathered in the same place. */
static int encode_copy(struct modus_http *h, size_t n)
{
	char *copy = modus_alloc(h->conn, n);

	if (!copy)
		return fail(h, -ENOMEM);
	memcpy(copy, h->reply.gathered, n);
	return send_body(h, copy, n);
}

int http_reply_begin(struct modus_http *h, enum http_framing framing, int64_t length)
{
	struct http_reply *r = &h->reply;
	size_t gathered = r->gathered_len;
	int rc;

	if (!http_status_has_body(r->status))
		framing = HTTP_NO_BODY;
	r->framing = framing;
	r->length = length;
	r->begun = true;
	r->gathered_len = 0;
	rc = http_head_write(h, framing, length);
	if (rc == 0 && r->encoder && gathered)
		return encode_copy(h, gathered);
	return rc ? fail(h, rc) : send_body(h, r->gathered, gathered);
}

/* Of a body whose length is known, or is not. */
static int begin_open(struct modus_http *h)
{
	int rc = http_encode_begin(h, false);

	if (rc)
		return fail(h, rc);
	if (h->reply.length >= 0 && !h->reply.encoder)
		return http_reply_begin(h, HTTP_LENGTH, h->reply.length);
	if (h->request.minor > 0)
		return http_reply_begin(h, HTTP_CHUNKED, -1);
	h->request.keep = false; /* HTTP/1.0 knows no chunks */
	return http_reply_begin(h, HTTP_UNTIL_CLOSE, -1);
}

static int end_encoding(struct modus_http *h)
{
	struct http_encoder *e = h->reply.encoder;
	int rc = e && !h->request.is_head ? http_encoder_end(e, put_body, h) : 0;

	return rc ? fail(h, rc) : 0;
}

static int end_chunks(struct modus_http *h)
{
	struct http_reply *r = &h->reply;

	if (h->request.is_head)
		return 0;
	send_gathered(h);
	modus_write(h->conn, "0\r\n", 3);
	for (size_t i = 0; i < r->trailer_count; i++)
		modus_printf(h->conn, "%s: %s\r\n", r->trailers[i].name, r->trailers[i].value);
	return modus_write(h->conn, "\r\n", 2);
}

static int begin_whole(struct modus_http *h)
{
	int rc = http_encode_begin(h, true);

	return rc ? fail(h, rc) : http_reply_begin(h, HTTP_LENGTH, (int64_t)h->reply.gathered_len);
}

int http_reply_end(struct modus_http *h)
{
	struct http_reply *r = &h->reply;

	if (r->failed || r->ended)
		return r->failed;
	r->ended = true;
	if (!r->begun && r->trailer_count && h->request.minor > 0)
		http_reply_begin(h, HTTP_CHUNKED, -1);
	else if (!r->begun && r->length < 0)
		begin_whole(h);
	else if (!r->begun)
		begin_open(h);
	if (r->failed || end_encoding(h))
		return r->failed;
	if (r->framing == HTTP_CHUNKED)
		return end_chunks(h);
	if (r->framing == HTTP_LENGTH && r->sent < r->length && !h->request.is_head)
		return fail(h, -EBADMSG); /* less than was said: cut, so that it is seen */
	return 0;
}

/* ---- What an application calls ---- */

static int gather_more(struct http_reply *r, struct modus_http *h)
{
	char *more = modus_alloc(h->conn, HTTP_GATHER_MOST);

	if (!more)
		return -ENOMEM;
	memcpy(more, r->gathered, r->gathered_len);
	r->gathered = more;
	r->room = HTTP_GATHER_MOST;
	return 0;
}

int modus_http_write(struct modus_http *h, const void *buf, size_t n)
{
	struct http_reply *r = &h->reply;

	if (r->failed)
		return r->failed;
	if (r->begun)
		return send_body(h, buf, n);
	if (n > r->room - r->gathered_len && r->room < HTTP_GATHER_MOST &&
	    n <= HTTP_GATHER_MOST - r->gathered_len && gather_more(r, h))
		return -ENOMEM; /* nothing was sent: there may be a page yet */
	if (n <= r->room - r->gathered_len) {
		memcpy(r->gathered + r->gathered_len, buf, n);
		r->gathered_len += n;
		return 0;
	}
	return begin_open(h) ? r->failed : send_body(h, buf, n);
}

int modus_http_puts(struct modus_http *h, const char *text)
{
	return modus_http_write(h, text, strlen(text));
}

static int print_long(struct modus_http *h, const char *format, va_list args, size_t n)
	MODUS_FORMAT(2, 0);
static int print_long(struct modus_http *h, const char *format, va_list args, size_t n)
{
	char *text = modus_alloc(h->conn, n + 1);

	if (!text)
		return h->reply.begun ? fail(h, -ENOMEM) : -ENOMEM;
	vsnprintf(text, n + 1, format, args);
	return modus_http_write(h, text, n);
}

int modus_http_printf(struct modus_http *h, const char *format, ...)
{
	char text[512];
	va_list args;
	int n, rc;

	va_start(args, format);
	n = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (n < 0)
		return -EINVAL;
	if ((size_t)n < sizeof(text))
		return modus_http_write(h, text, (size_t)n);
	va_start(args, format);
	rc = print_long(h, format, args, (size_t)n);
	va_end(args);
	return rc;
}

static const char *entity_of(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	default:
		return "&#39;";
	}
}

int modus_http_escape(struct modus_http *h, const char *text)
{
	int rc = 0;

	while (rc == 0 && *text) {
		size_t n = strcspn(text, "&<>\"'");

		rc = modus_http_write(h, text, n);
		text += n;
		if (rc == 0 && *text)
			rc = modus_http_puts(h, entity_of(*text++));
	}
	return rc;
}

int modus_http_flush(struct modus_http *h)
{
	int rc = h->reply.failed;

	if (rc == 0 && !h->reply.begun)
		rc = begin_open(h);
	if (rc == 0 && h->reply.encoder)
		rc = http_encoder_flush(h->reply.encoder, put_body, h);
	if (rc == 0 && h->reply.framing == HTTP_CHUNKED)
		rc = send_gathered(h);
	rc = rc ? rc : modus_flush(h->conn);
	return rc ? fail(h, rc) : 0;
}

bool modus_http_begun(const struct modus_http *h)
{
	return h->reply.begun;
}
