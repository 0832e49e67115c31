/* SPDX-License-Identifier: MIT */
/* Bodies in a content coding: whole ones at once, others as they are written. */
#include "handlers/http/codings/coding.h"
#include "handlers/http/exchange.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	LEAST = 1024, /* bytes that are worth it */
	PIECE = 4096
};

/* ---- At once ---- */

struct growing {
	char *at;
	size_t len, room;
};

static int append(void *arg, const void *data, size_t n)
{
	struct growing *g = arg;

	if (n > g->room - g->len) {
		size_t room = g->room + n + PIECE + g->room / 2;
		char *more = realloc(g->at, room);

		if (!more)
			return -ENOMEM;
		g->at = more;
		g->room = room;
	}
	memcpy(g->at + g->len, data, n);
	g->len += n;
	return 0;
}

static enum http_coding coding_named(const char *name)
{
	for (enum http_coding c = HTTP_GZIP; c <= HTTP_BR; c++)
		if (strcmp(http_coding_name(c), name) == 0)
			return c;
	return HTTP_IDENTITY;
}

static int encode(enum http_coding coding, const void *data, size_t n, struct growing *out)
{
	struct http_encoder *e = http_encoder_new(coding);
	int rc;

	if (!e)
		return -ENOMEM;
	rc = http_encoder_write(e, data, n, append, out);
	rc = rc ? rc : http_encoder_end(e, append, out);
	http_encoder_free(e);
	return rc;
}

char *modus_http_encode(const char *coding, const void *data, size_t n, size_t *len)
{
	enum http_coding c = coding_named(coding);
	struct growing out = { 0 };

	if (c == HTTP_IDENTITY || encode(c, data, n, &out)) {
		free(out.at);
		return NULL;
	}
	*len = out.len;
	return out.at;
}

/* ---- A response ---- */

int modus_http_compress(struct modus_http *h)
{
	if (h->reply.begun)
		return -EALREADY;
	h->reply.compress = true;
	return 0;
}

/* What was said of the plain bytes holds of these by meaning only (RFC 9110 8.8.1). */
static int weaken_etag(struct modus_http *h)
{
	const char *etag = http_reply_field(h, "ETag");

	return etag && *etag == '"' ? modus_http_setf(h, "ETag", "W/%s", etag) : 0;
}

static int set_fields(struct modus_http *h, enum http_coding coding)
{
	int rc = modus_http_set(h, "Content-Encoding", http_coding_name(coding));

	return rc ? rc : weaken_etag(h);
}

/* The whole body is there: its length will be known. */
static int encode_gathered(struct modus_http *h, enum http_coding coding)
{
	struct http_reply *r = &h->reply;
	struct growing out = { 0 };
	int rc = encode(coding, r->gathered, r->gathered_len, &out);

	if (rc == 0 && out.len <= r->room) { /* else it had better stay as it is */
		rc = set_fields(h, coding);
		memcpy(r->gathered, out.at, out.len);
		r->gathered_len = out.len;
	}
	free(out.at);
	return rc;
}

static int encode_rest(struct modus_http *h, enum http_coding coding)
{
	h->reply.encoder = http_encoder_new(coding);
	return h->reply.encoder ? set_fields(h, coding) : -ENOMEM;
}

int http_encode_begin(struct modus_http *h, bool whole)
{
	struct http_reply *r = &h->reply;
	const char *type = http_reply_field(h, "Content-Type");
	enum http_coding coding;
	int rc;

	if (!r->compress || !type || !http_compressible(type) || !http_status_has_body(r->status) ||
	    http_reply_field(h, "Content-Encoding") || (whole && r->gathered_len < LEAST) ||
	    (!whole && r->length >= 0 && r->length < LEAST))
		return 0;
	rc = modus_http_vary(h, "Accept-Encoding");
	coding = http_coding_wished(modus_http_field(h, "Accept-Encoding"));
	if (rc || coding == HTTP_IDENTITY)
		return rc;
	return whole ? encode_gathered(h, coding) : encode_rest(h, coding);
}
