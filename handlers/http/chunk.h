/* SPDX-License-Identifier: MIT */
/* The chunked transfer coding (RFC 9112 7.1): takes it off, a piece at a time, whatever the pieces.
 */
#ifndef HTTP_CHUNK_H
#define HTTP_CHUNK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum http_chunk_state {
	HTTP_CHUNK_SIZE, /* its first digit is due */
	HTTP_CHUNK_DIGITS,
	HTTP_CHUNK_EXTENSION,
	HTTP_CHUNK_QUOTED, /* in a quoted string of an extension */
	HTTP_CHUNK_ESCAPED,
	HTTP_CHUNK_SIZE_LF,
	HTTP_CHUNK_DATA,
	HTTP_CHUNK_DATA_CR,
	HTTP_CHUNK_DATA_LF,
	HTTP_CHUNK_TRAILER, /* a line of trailers, or the last, is due */
	HTTP_CHUNK_TRAILER_LINE,
	HTTP_CHUNK_TRAILER_LF,
	HTTP_CHUNK_LAST_LF,
	HTTP_CHUNK_END,
};

enum { HTTP_CHUNK_LINE_MAX = 4096, HTTP_TRAILERS_MAX = 8192 };

struct http_chunks {
	enum http_chunk_state state; /* zeroed is the beginning */
	uint64_t left;               /* of the chunk's data */
	uint32_t line;               /* bytes of this line, and of all trailers */
};

enum http_chunk_event {
	HTTP_CHUNK_MORE,
	HTTP_CHUNK_BODY,
	HTTP_CHUNK_FIELD,
	HTTP_CHUNK_DONE,
	HTTP_CHUNK_BAD
};

/* Takes from data up to the next event; *taken is how much that was, and *piece and *len what it is
 * about: data of the body, or bytes of trailer lines with their ends. */
enum http_chunk_event http_chunks_next(struct http_chunks *c, const char *data, size_t n,
				       size_t *taken, const char **piece, size_t *len);

#endif
