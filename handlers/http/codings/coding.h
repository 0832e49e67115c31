/* SPDX-License-Identifier: MIT */
/* Content codings on the fly: gzip (RFC 1952) and br (RFC 7932), by zlib and brotli. */
#ifndef HTTP_CODINGS_CODING_H
#define HTTP_CODINGS_CODING_H

#include <stdbool.h>
#include <stddef.h>

enum http_coding { HTTP_IDENTITY, HTTP_GZIP, HTTP_BR };

struct http_encoder;

/* What is encoded goes there, in pieces; a negative errno ends the encoding and is returned. */
typedef int http_sink(void *arg, const void *data, size_t n);

/* NULL: no memory.  The level is one that costs little (gzip 5, br 4). */
struct http_encoder *http_encoder_new(enum http_coding coding);
void http_encoder_free(struct http_encoder *e); /* NULL is fine */
int http_encoder_write(struct http_encoder *e, const void *data, size_t n, http_sink *to,
		       void *arg);
/* What a reader may have now. */
int http_encoder_flush(struct http_encoder *e, http_sink *to, void *arg);
int http_encoder_end(struct http_encoder *e, http_sink *to, void *arg);

const char *http_coding_name(enum http_coding coding); /* "gzip", "br"; NULL of identity */
/* Of gzip and br the one that an Accept-Encoding likes best (br among equals), or identity. */
enum http_coding http_coding_wished(const char *accept_encoding);
/* Whether a media type is worth it: text, JSON, XML, SVG, JavaScript, WebAssembly...; not what is
 * compressed already. */
bool http_compressible(const char *type);

#endif
