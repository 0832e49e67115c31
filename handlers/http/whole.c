/* SPDX-License-Identifier: MIT */
/* The whole body of a request at once. */
#include "handlers/http/exchange.h"

#include <errno.h>
#include <string.h>

enum { FIRST = 4096 };

static size_t first_room(const struct modus_http *h)
{
	int64_t length = modus_http_length(h);

	return length > 0 && length <= h->body.limit ? (size_t)length + 1 : FIRST;
}

static char *grow(struct modus_http *h, char *text, size_t len, size_t room)
{
	char *more = modus_http_alloc(h, room);

	if (more)
		memcpy(more, text, len);
	return more;
}

static int read_all(struct modus_http *h, char *text, size_t room)
{
	size_t len = 0;
	ssize_t n;

	while (text && (n = modus_http_read(h, text + len, room - 1 - len)) > 0) {
		len += (size_t)n;
		if (len == room - 1 && !h->body.ended)
			text = grow(h, text, len, room *= 2);
	}
	if (!text)
		return -ENOMEM;
	text[len] = '\0';
	h->body.text = text;
	h->body.text_len = len;
	return (int)n;
}

char *modus_http_body(struct modus_http *h, size_t *len)
{
	size_t room = first_room(h);
	int rc = h->body.failed;

	if (!rc && !h->body.text)
		rc = read_all(h, modus_http_alloc(h, room), room);
	if (rc) {
		h->body.failed = rc;
		return NULL;
	}
	if (len)
		*len = h->body.text_len;
	return h->body.text;
}
