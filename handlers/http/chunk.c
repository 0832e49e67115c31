/* SPDX-License-Identifier: MIT */
/*
 * A line ends with CR LF and with nothing else, a size is hexadecimal digits and nothing else: what
 * two readers could understand differently is refused (RFC 9112 11.2).
 */
#include "handlers/http/chunk.h"

#include "handlers/http/values/list.h"

enum { DIGITS_MAX = 15 }; /* so that no size overflows */

static int digit_of(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static enum http_chunk_state after_size(unsigned char c)
{
	if (c == '\r')
		return HTTP_CHUNK_SIZE_LF;
	return c == ';' ? HTTP_CHUNK_EXTENSION : HTTP_CHUNK_END;
}

static enum http_chunk_state in_extension(unsigned char c)
{
	if (c == '\r')
		return HTTP_CHUNK_SIZE_LF;
	if (c == '"')
		return HTTP_CHUNK_QUOTED;
	return http_is_tchar(c) || c == '=' || c == ';' || c == ' ' || c == '\t'
		       ? HTTP_CHUNK_EXTENSION
		       : HTTP_CHUNK_END;
}

static enum http_chunk_state in_quotes(unsigned char c)
{
	if (c == '"')
		return HTTP_CHUNK_EXTENSION;
	if (c == '\\')
		return HTTP_CHUNK_ESCAPED;
	return http_is_vchar(c) ? HTTP_CHUNK_QUOTED : HTTP_CHUNK_END;
}

/* A byte of a size's line; HTTP_CHUNK_END: it may not stand there. */
static enum http_chunk_state size_byte(struct http_chunks *c, unsigned char byte)
{
	int digit = digit_of(byte);

	switch (c->state) {
	case HTTP_CHUNK_SIZE:
		c->left = 0;
		c->line = 0;
		if (digit < 0)
			return HTTP_CHUNK_END;
		c->left = (uint64_t)digit;
		return HTTP_CHUNK_DIGITS;
	case HTTP_CHUNK_DIGITS:
		if (digit < 0)
			return after_size(byte);
		c->left = c->left << 4 | (unsigned)digit;
		return c->line >= DIGITS_MAX ? HTTP_CHUNK_END : HTTP_CHUNK_DIGITS;
	case HTTP_CHUNK_EXTENSION:
		return in_extension(byte);
	case HTTP_CHUNK_QUOTED:
		return in_quotes(byte);
	case HTTP_CHUNK_ESCAPED:
		return http_is_vchar(byte) ? HTTP_CHUNK_QUOTED : HTTP_CHUNK_END;
	case HTTP_CHUNK_SIZE_LF:
		if (byte != '\n')
			return HTTP_CHUNK_END;
		c->line = 0;
		return c->left ? HTTP_CHUNK_DATA : HTTP_CHUNK_TRAILER;
	case HTTP_CHUNK_DATA_CR:
		return byte == '\r' ? HTTP_CHUNK_DATA_LF : HTTP_CHUNK_END;
	case HTTP_CHUNK_DATA_LF:
		return byte == '\n' ? HTTP_CHUNK_SIZE : HTTP_CHUNK_END;
	default:
		return HTTP_CHUNK_END;
	}
}

static enum http_chunk_state trailer_byte(const struct http_chunks *c, unsigned char byte)
{
	switch (c->state) {
	case HTTP_CHUNK_TRAILER:
		if (byte == '\r')
			return HTTP_CHUNK_LAST_LF;
		return http_is_tchar(byte) ? HTTP_CHUNK_TRAILER_LINE : HTTP_CHUNK_END;
	case HTTP_CHUNK_TRAILER_LINE:
		if (byte == '\r')
			return HTTP_CHUNK_TRAILER_LF;
		return http_is_vchar(byte) ? HTTP_CHUNK_TRAILER_LINE : HTTP_CHUNK_END;
	default:
		return byte == '\n' ? HTTP_CHUNK_TRAILER : HTTP_CHUNK_END;
	}
}

static enum http_chunk_event take_data(struct http_chunks *c, const char *data, size_t n,
				       size_t *taken, const char **piece, size_t *len)
{
	*piece = data;
	*len = n < c->left ? n : (size_t)c->left;
	*taken += *len;
	c->left -= *len;
	if (c->left == 0)
		c->state = HTTP_CHUNK_DATA_CR;
	return HTTP_CHUNK_BODY;
}

/* Bytes of trailers, up to the empty line that ends all. */
static enum http_chunk_event take_trailers(struct http_chunks *c, const char *data, size_t n,
					   size_t *taken, const char **piece, size_t *len)
{
	*piece = data;
	for (size_t i = 0; i < n; i++) {
		bool last = c->state == HTTP_CHUNK_LAST_LF;
		enum http_chunk_state next = trailer_byte(c, (unsigned char)data[i]);

		if (next == HTTP_CHUNK_END || ++c->line > HTTP_TRAILERS_MAX)
			return HTTP_CHUNK_BAD;
		c->state = last ? HTTP_CHUNK_END : next;
		if (c->state == HTTP_CHUNK_LAST_LF && i > 0) { /* the lines before it, first */
			c->state = HTTP_CHUNK_TRAILER;
			c->line--;
			*len = i;
			*taken += i;
			return HTTP_CHUNK_FIELD;
		}
		if (last) {
			*taken += i + 1;
			return HTTP_CHUNK_DONE;
		}
	}
	*taken += n;
	*len = c->state == HTTP_CHUNK_LAST_LF ? 0 : n;
	return *len ? HTTP_CHUNK_FIELD : HTTP_CHUNK_MORE;
}

enum http_chunk_event http_chunks_next(struct http_chunks *c, const char *data, size_t n,
				       size_t *taken, const char **piece, size_t *len)
{
	*taken = 0;
	*len = 0;
	if (c->state == HTTP_CHUNK_END)
		return HTTP_CHUNK_DONE;
	while (*taken < n && c->state < HTTP_CHUNK_TRAILER) {
		enum http_chunk_state next;

		if (c->state == HTTP_CHUNK_DATA)
			return take_data(c, data + *taken, n - *taken, taken, piece, len);
		next = size_byte(c, (unsigned char)data[*taken]);
		if (next == HTTP_CHUNK_END || ++c->line > HTTP_CHUNK_LINE_MAX)
			return HTTP_CHUNK_BAD;
		if (next == HTTP_CHUNK_TRAILER || next == HTTP_CHUNK_DATA)
			c->line = 0;
		c->state = next;
		++*taken;
	}
	if (*taken == n)
		return HTTP_CHUNK_MORE;
	return take_trailers(c, data + *taken, n - *taken, taken, piece, len);
}
