/* SPDX-License-Identifier: MIT */
#include "handlers/http/codings/encoder.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

/* 32 KiB of window, in the form of gzip. */
enum { GZIP_LEVEL = 5, GZIP_WINDOW = 15 + 16, GZIP_MEMORY = 8, GZIP_OUT = 8192, GZIP_IN = 1 << 30 };

/* The output lies here, for the stacks that handlers run on are small. */
struct gzip {
	struct http_encoder base;
	z_stream z;
	unsigned char out[GZIP_OUT];
};

static struct http_encoder *gzip_make(void)
{
	struct gzip *g = malloc(sizeof(*g));

	if (!g)
		return NULL;
	g->z = (z_stream) { 0 };
	if (deflateInit2(&g->z, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
			 Z_DEFAULT_STRATEGY) == Z_OK)
		return &g->base;
	free(g);
	return NULL;
}

static void gzip_release(struct http_encoder *e)
{
	struct gzip *g = (struct gzip *)e;

	deflateEnd(&g->z);
	free(g);
}

/* Until zlib has taken all its input and has no more output. */
static int deflate_all(struct gzip *g, int flush, const struct encoder_outlet *out)
{
	size_t n;
	int rc;

	do {
		g->z.next_out = g->out;
		g->z.avail_out = sizeof(g->out);
		if (deflate(&g->z, flush) == Z_STREAM_ERROR)
			return -EINVAL;
		n = sizeof(g->out) - g->z.avail_out;
		rc = n ? out->to(out->arg, g->out, n) : 0;
	} while (rc >= 0 && n == sizeof(g->out));
	return rc < 0 ? rc : 0;
}

/* zlib counts its input in 32 bits. */
static int gzip_run(struct http_encoder *e, enum encoder_step step, const void *data, size_t n,
		    const struct encoder_outlet *out)
{
	static const int flushes[] = {
		[ENCODER_WRITE] = Z_NO_FLUSH,
		[ENCODER_FLUSH] = Z_SYNC_FLUSH,
		[ENCODER_END] = Z_FINISH,
	};
	struct gzip *g = (struct gzip *)e;
	const unsigned char *at = data;
	int rc;

	do {
		size_t piece = n < GZIP_IN ? n : GZIP_IN;

		g->z.next_in = (unsigned char *)(uintptr_t)at;
		g->z.avail_in = (unsigned)piece;
		rc = deflate_all(g, flushes[step], out);
		at += piece;
		n -= piece;
	} while (rc == 0 && n);
	return rc;
}

const struct encoder_kind encoder_gzip = { "gzip", gzip_make, gzip_release, gzip_run };
