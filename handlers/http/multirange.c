/* SPDX-License-Identifier: MIT */
/* Several ranges of a representation in one response: multipart/byteranges (RFC 9110 14.6). */
#include "handlers/http/exchange.h"
#include "handlers/http/values/range.h"

#include <stdio.h>
#include <string.h>

enum { PART_HEAD = 512 };

/* What stands before a part's bytes. */
static size_t write_head(char out[PART_HEAD], struct modus_http *h,
			 const struct modus_http_entity *e, const struct http_range *range)
{
	int n = snprintf(
		out, PART_HEAD,
		"\r\n--%s\r\nContent-Type: %.200s\r\nContent-Range: bytes %lld-%lld/%lld\r\n\r\n",
		modus_http_id(h), e->type ? e->type : "application/octet-stream",
		(long long)range->first, (long long)(range->first + range->count - 1),
		(long long)e->size);

	return (size_t)n;
}

static size_t write_end(char out[PART_HEAD], struct modus_http *h)
{
	return (size_t)snprintf(out, PART_HEAD, "\r\n--%s--\r\n", modus_http_id(h));
}

static int64_t length_of(struct modus_http *h, const struct modus_http_entity *e,
			 const struct http_range *ranges, int n)
{
	char part[PART_HEAD];
	int64_t length = (int64_t)write_end(part, h);

	for (int i = 0; i < n; i++)
		length += (int64_t)write_head(part, h, e, &ranges[i]) + ranges[i].count;
	return length;
}

static int write_part(struct modus_http *h, const struct modus_http_entity *e,
		      const struct http_range *range)
{
	char part[PART_HEAD];
	int rc = modus_http_write(h, part, write_head(part, h, e, range));

	if (rc)
		return rc;
	if (e->data)
		return modus_http_write(h, (const char *)e->data + range->first,
					(size_t)range->count);
	return http_body_file(h, e->fd, e->offset + range->first, range->count);
}

int http_multirange(struct modus_http *h, const struct modus_http_entity *e,
		    const struct http_range *ranges, int n)
{
	char part[PART_HEAD];
	int rc = modus_http_setf(h, "Content-Type", "multipart/byteranges; boundary=%s",
				 modus_http_id(h));

	h->reply.status = 206;
	if (rc == 0)
		rc = http_reply_begin(h, HTTP_LENGTH, length_of(h, e, ranges, n));
	for (int i = 0; rc == 0 && i < n; i++)
		rc = write_part(h, e, &ranges[i]);
	return rc ? rc : modus_http_write(h, part, write_end(part, h));
}
