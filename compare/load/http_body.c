/* SPDX-License-Identifier: MIT */
#include "compare/load/http_body.h"

#include "compare/load/http.h"

#include <stdlib.h>
#include <string.h>

static enum http_body_verdict learn(struct http_body *b, const char *piece, size_t n)
{
	if (b->known + n > HTTP_BODY_MAX)
		return BODY_TOO_LONG;
	if (b->known + n > b->room) {
		size_t room = 2 * (b->known + n);
		char *more = realloc(b->bytes, room);

		if (!more)
			return BODY_NO_MEMORY;
		b->bytes = more;
		b->room = room;
	}
	memcpy(b->bytes + b->known, piece, n);
	b->known += n;
	return BODY_SAME;
}

enum http_body_verdict http_body_piece(struct http_body *b, size_t at, const char *piece, size_t n,
				       size_t *same)
{
	size_t old = b->known - at < n ? b->known - at : n;

	*same = 0;
	if (old && memcmp(piece, b->bytes + at, old) != 0) {
		while (piece[*same] == b->bytes[at + *same])
			++*same;
		return BODY_OTHER;
	}
	*same = old;
	if (old == n)
		return BODY_SAME;
	return b->whole ? BODY_LONGER : learn(b, piece + old, n - old);
}

bool http_body_end(struct http_body *b, size_t size)
{
	if (size != b->known)
		return false;
	b->whole = true;
	return true;
}
