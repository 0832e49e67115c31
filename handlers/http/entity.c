/* SPDX-License-Identifier: MIT */
/* Responds with a representation: preconditions, then ranges, then its bytes. */
#include "handlers/http/exchange.h"
#include "handlers/http/values/date.h"
#include "handlers/http/values/precondition.h"
#include "handlers/http/values/range.h"

#include <errno.h>
#include <string.h>

static int set_date(struct modus_http *h, const char *name, time_t t)
{
	char text[HTTP_DATE_SIZE];

	http_date_write(text, t);
	return modus_http_set(h, name, text);
}

static struct http_conditions conditions_of(struct modus_http *h)
{
	return (struct http_conditions) {
		.method = h->request.method,
		.if_match = modus_http_field(h, "If-Match"),
		.if_none_match = modus_http_field(h, "If-None-Match"),
		.if_modified_since = modus_http_field(h, "If-Modified-Since"),
		.if_unmodified_since = modus_http_field(h, "If-Unmodified-Since"),
	};
}

static int set_validators(struct modus_http *h, const char *etag, time_t modified)
{
	int rc = etag ? modus_http_set(h, "ETag", etag) : 0;

	return rc || !modified ? rc : set_date(h, "Last-Modified", modified);
}

/* A 304 has the validators, and no body. */
static int respond_unchanged(struct modus_http *h, const char *etag, time_t modified)
{
	h->reply.status = 304;
	return set_validators(h, etag, modified);
}

int modus_http_precondition(struct modus_http *h, bool exists, const char *etag, time_t modified)
{
	struct http_conditions of = conditions_of(h);
	int status = http_precondition(&of, exists, etag, modified, time(NULL));

	if (status == 304) {
		int rc = respond_unchanged(h, etag, modified);

		return rc ? rc : 304;
	}
	return status;
}

static int set_fields(struct modus_http *h, const struct modus_http_entity *e)
{
	int rc = set_validators(h, e->etag, e->modified);

	if (rc == 0 && e->type)
		rc = modus_http_set(h, "Content-Type", e->type);
	if (rc == 0 && e->language)
		rc = modus_http_set(h, "Content-Language", e->language);
	if (rc == 0 && e->encoding)
		rc = modus_http_set(h, "Content-Encoding", e->encoding);
	return rc ? rc : modus_http_set(h, "Accept-Ranges", "bytes");
}

static int send_bytes(struct modus_http *h, const struct modus_http_entity *e, int64_t first,
		      int64_t count)
{
	int rc = http_reply_begin(h, HTTP_LENGTH, count);

	if (rc || count == 0)
		return rc;
	if (e->data)
		return modus_http_write(h, (const char *)e->data + first, (size_t)count);
	return http_body_file(h, e->fd, e->offset + first, count);
}

static int send_range(struct modus_http *h, const struct modus_http_entity *e,
		      const struct http_range *range)
{
	int rc =
		modus_http_setf(h, "Content-Range", "bytes %lld-%lld/%lld", (long long)range->first,
				(long long)(range->first + range->count - 1), (long long)e->size);

	h->reply.status = 206;
	return rc ? rc : send_bytes(h, e, range->first, range->count);
}

static int refuse_ranges(struct modus_http *h, const struct modus_http_entity *e)
{
	int rc = modus_http_setf(h, "Content-Range", "bytes */%lld", (long long)e->size);

	return rc ? rc : 416;
}

/* Ranges are for GET alone (RFC 9110 14.2). */
static const char *range_of(struct modus_http *h, const struct modus_http_entity *e)
{
	const char *range = modus_http_field(h, "Range"), *if_range;

	if (!range || strcmp(h->request.method, "GET") != 0 || h->reply.status != 200)
		return NULL;
	if_range = modus_http_field(h, "If-Range");
	return !if_range || http_if_range(if_range, e->etag, e->modified, time(NULL)) ? range
										      : NULL;
}

int modus_http_send(struct modus_http *h, const struct modus_http_entity *e)
{
	struct http_range ranges[HTTP_RANGES_MAX];
	const char *range;
	int n = 0, rc = 0;

	if (h->reply.begun)
		return -EALREADY;
	h->reply.compress = false; /* it says itself how it is encoded */
	h->reply.gathered_len = 0;
	if (h->reply.status == 200)
		rc = modus_http_precondition(h, true, e->etag, e->modified);
	if (rc)
		return rc == 304 ? 0 : rc;
	rc = set_fields(h, e);
	if (rc)
		return rc;
	range = range_of(h, e);
	if (range)
		n = http_ranges_read(range, e->size, ranges);
	if (n < 0)
		return refuse_ranges(h, e);
	if (n == 1)
		return send_range(h, e, ranges);
	return n > 1 ? http_multirange(h, e, ranges, n) : send_bytes(h, e, 0, e->size);
}
