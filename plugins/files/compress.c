/* SPDX-License-Identifier: MIT */
/* Codings made on the fly: gzip (RFC 1952) by zlib, br (RFC 7932) by brotli, at what costs little.
 */
#define ZLIB_CONST
#include "compress.h"

#include <brotli/encode.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

enum { GZIP_LEVEL = 5, GZIP_WINDOW = 15 + 16, GZIP_MEMORY = 8, BR_QUALITY = 4 };

static int deflate_all(z_stream *z, const struct content *plain, struct content **out)
{
	*out = content_new(deflateBound(z, plain->size));
	if (!*out)
		return -ENOMEM;
	z->next_in = (const Bytef *)plain->data;
	z->avail_in = (uInt)plain->size;
	z->next_out = (Bytef *)(*out)->data;
	z->avail_out = (uInt)(*out)->size;
	if (deflate(z, Z_FINISH) != Z_STREAM_END) {
		free(*out);
		return -EIO;
	}
	(*out)->size = z->total_out;
	return 0;
}

static int make_gzip(const struct content *plain, struct content **out)
{
	z_stream z = { .next_in = NULL };
	int rc;

	if (deflateInit2(&z, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		return -ENOMEM;
	rc = deflate_all(&z, plain, out);
	deflateEnd(&z);
	return rc;
}

static int make_br(const struct content *plain, struct content **out)
{
	size_t n = BrotliEncoderMaxCompressedSize(plain->size);

	*out = content_new(n);
	if (!*out)
		return -ENOMEM;
	if (!BrotliEncoderCompress(BR_QUALITY, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_GENERIC,
				   plain->size, (const uint8_t *)plain->data, &n,
				   (uint8_t *)(*out)->data)) {
		free(*out);
		return -ENOMEM;
	}
	(*out)->size = n;
	return 0;
}

int compress_content(enum coding coding, const struct content *plain, struct content **out)
{
	struct content *less;
	int rc;

	if (plain->size > INT_MAX / 2)
		return -EFBIG;
	rc = coding == CODING_BR ? make_br(plain, out) : make_gzip(plain, out);
	if (rc)
		return rc;
	less = realloc(*out, sizeof(**out) + (*out)->size);
	if (less)
		*out = less;
	(*out)->of = plain->of;
	(*out)->lasting = plain->lasting;
	return 0;
}
