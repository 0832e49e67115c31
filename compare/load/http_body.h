/* SPDX-License-Identifier: MIT */
/*
 * Within the load engine: the body that all responses have to have.  Unless it is given, the first
 * response that brings a byte decides it, whichever connection that is on; the first that ends
 * decides the length.  It is compared itself and not a sum of it, which is exact, and faster.
 */
#ifndef COMPARE_HTTP_BODY_H
#define COMPARE_HTTP_BODY_H

#include <stdbool.h>
#include <stddef.h>

struct http_body {
	char *bytes;
	size_t known, room;
	bool whole; /* it has no more than is known */
};

enum http_body_verdict { BODY_SAME, BODY_OTHER, BODY_LONGER, BODY_TOO_LONG, BODY_NO_MEMORY };

/* A piece of n bytes that begins at position at; of what is the same, the longest is *same bytes.
 */
enum http_body_verdict http_body_piece(struct http_body *b, size_t at, const char *piece, size_t n,
				       size_t *same);
bool http_body_end(struct http_body *b, size_t size); /* whether a body may end there */

#endif
