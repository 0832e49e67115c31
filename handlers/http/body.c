/* SPDX-License-Identifier: MIT */
/* The body of a request, read as it comes, within limits. */
#include "handlers/http/exchange.h"

#include <errno.h>
#include <string.h>

int64_t modus_http_length(const struct modus_http *h)
{
	return h->body.length;
}

void modus_http_limit(struct modus_http *h, int64_t bytes)
{
	h->body.limit = bytes;
}

int modus_http_failed(const struct modus_http *h)
{
	return h->body.failed;
}

static int fail(struct modus_http *h, int error)
{
	return h->body.failed = error;
}

/* The client waits for it, if it has not sent the body anyway (RFC 9110 10.1.1). */
static void say_continue(struct modus_http *h)
{
	char *data;

	if (!h->request.expects || h->reply.begun)
		return;
	h->request.expects = false;
	if (modus_peek(h->conn, 0, &data) == 0)
		modus_printf(h->conn, "HTTP/1.1 100 Continue\r\n\r\n");
}

/* What there is of the body's bytes on the connection, WAITS for the first. */
static ssize_t more(struct modus_http *h, char **data)
{
	ssize_t n;

	say_continue(h);
	n = modus_peek(h->conn, 1, data);
	if (n == 0)
		return fail(h, -EBADMSG); /* it was cut */
	return n < 0 ? fail(h, (int)n) : n;
}

static ssize_t note_read(struct modus_http *h, size_t n)
{
	h->body.read += (int64_t)n;
	return h->body.read > h->body.limit ? fail(h, -EMSGSIZE) : (ssize_t)n;
}

static ssize_t read_length(struct modus_http *h, char *buf, size_t size)
{
	char *data;
	ssize_t n = more(h, &data);

	if (n < 0)
		return n;
	if ((int64_t)size > h->body.left)
		size = (size_t)h->body.left;
	if (size > (size_t)n)
		size = (size_t)n;
	if (buf)
		memcpy(buf, data, size);
	modus_consume(h->conn, size);
	h->body.left -= (int64_t)size;
	h->body.ended = h->body.left == 0;
	return note_read(h, size);
}

/* ---- Chunks ---- */

static int keep_trailer(struct modus_http *h, const char *piece, size_t n)
{
	struct http_body *b = &h->body;

	if (!b->trailer_text)
		b->trailer_text = modus_alloc(h->conn, HTTP_TRAILERS_MAX);
	if (!b->trailer_text)
		return fail(h, -ENOMEM);
	memcpy(b->trailer_text + b->trailer_len, piece, n);
	b->trailer_len += n;
	return 0;
}

static int read_trailers(struct modus_http *h)
{
	struct http_body *b = &h->body;
	size_t max = (size_t)h->limits->fields;
	int rc;

	b->ended = true;
	if (!b->trailer_len)
		return 0;
	b->trailers.all = modus_alloc(h->conn, max * sizeof(*b->trailers.all));
	if (!b->trailers.all)
		return fail(h, -ENOMEM);
	rc = http_fields_read(b->trailer_text, b->trailer_len, max, &b->trailers);
	return rc ? fail(h, rc == -ENOSPC ? -EMSGSIZE : rc) : 0;
}

/* One event: bytes of the body; 0: none yet, or its end; a failure. */
static ssize_t take_chunk(struct modus_http *h, char *buf, size_t size)
{
	size_t taken, len;
	const char *piece;
	char *data;
	enum http_chunk_event event;
	ssize_t n = more(h, &data), rc = 0;

	if (n < 0)
		return n;
	event = http_chunks_next(&h->body.chunks, data, (size_t)n < size ? (size_t)n : size, &taken,
				 &piece, &len);
	if (event == HTTP_CHUNK_BAD)
		return fail(h, -EBADMSG);
	if (event == HTTP_CHUNK_FIELD)
		rc = keep_trailer(h, piece, len);
	else if (event == HTTP_CHUNK_BODY && buf)
		memcpy(buf, piece, len);
	modus_consume(h->conn, taken);
	if (event == HTTP_CHUNK_DONE)
		return read_trailers(h);
	return rc || event != HTTP_CHUNK_BODY ? rc : note_read(h, len);
}

static ssize_t read_some(struct modus_http *h, char *buf, size_t size)
{
	ssize_t n = 0;

	if (h->body.length >= 0)
		return read_length(h, buf, size);
	while (n == 0 && !h->body.ended)
		n = take_chunk(h, buf, size);
	return n;
}

/* A body that says that it is too long is refused before it is sent. */
ssize_t modus_http_read(struct modus_http *h, void *buf, size_t size)
{
	if (h->body.failed)
		return h->body.failed;
	if (h->body.ended || size == 0)
		return 0;
	if (h->body.length > h->body.limit)
		return fail(h, -EMSGSIZE);
	return read_some(h, buf, size);
}

/* ---- What nobody read ---- */

bool http_body_will_end(const struct modus_http *h)
{
	const struct http_body *b = &h->body;

	if (b->ended || b->failed)
		return !b->failed;
	return !h->request.expects && b->length >= 0 && b->left <= HTTP_DRAIN_MOST;
}

/* Where the connection is to end, too, for a while: a client that goes on sending would be reset,
 * and lose the response with that. */
bool http_body_drain(struct modus_http *h)
{
	struct http_body *b = &h->body;
	int64_t most = b->read + (h->request.keep ? HTTP_DRAIN_MOST : HTTP_LINGER_MOST);
	bool failed = b->failed;

	if ((failed && b->failed != -EMSGSIZE) || (!b->ended && h->request.expects))
		return false; /* whoever waits for 100 may send the body now, or never */
	if (!b->ended && !h->request.keep)
		modus_set_deadline(h->conn, MODUS_REQUEST, HTTP_LINGER_MS);
	b->limit = INT64_MAX;
	while (!b->ended && b->read < most)
		if (read_some(h, NULL, HTTP_DRAIN_MOST) < 0)
			return false;
	return b->ended && !failed;
}
