/* SPDX-License-Identifier: MIT */
#include "handlers/http/codings/encoder.h"

#include <brotli/encode.h>
#include <errno.h>
#include <stdlib.h>

/* A window of 128 KiB: that of 4 MiB, which is the default, takes four times as much memory. */
enum { BR_QUALITY = 4, BR_WINDOW_BITS = 17 };

struct br {
	struct http_encoder base;
	BrotliEncoderState *state;
};

static struct http_encoder *br_make(void)
{
	struct br *b = malloc(sizeof(*b));

	if (!b)
		return NULL;
	b->state = BrotliEncoderCreateInstance(NULL, NULL, NULL);
	if (b->state && BrotliEncoderSetParameter(b->state, BROTLI_PARAM_QUALITY, BR_QUALITY) &&
	    BrotliEncoderSetParameter(b->state, BROTLI_PARAM_LGWIN, BR_WINDOW_BITS))
		return &b->base;
	if (b->state)
		BrotliEncoderDestroyInstance(b->state);
	free(b);
	return NULL;
}

static void br_release(struct http_encoder *e)
{
	struct br *b = (struct br *)e;

	BrotliEncoderDestroyInstance(b->state);
	free(b);
}

static int hand_on(struct br *b, const struct encoder_outlet *out)
{
	int rc = 0;

	while (rc >= 0 && BrotliEncoderHasMoreOutput(b->state)) {
		size_t n = 0;
		const uint8_t *data = BrotliEncoderTakeOutput(b->state, &n);

		rc = n ? out->to(out->arg, data, n) : 0;
	}
	return rc < 0 ? rc : 0;
}

/* The same step is repeated until it gave nothing more; only its memory can fail. */
static int br_run(struct http_encoder *e, enum encoder_step step, const void *data, size_t n,
		  const struct encoder_outlet *out)
{
	static const BrotliEncoderOperation operations[] = {
		[ENCODER_WRITE] = BROTLI_OPERATION_PROCESS,
		[ENCODER_FLUSH] = BROTLI_OPERATION_FLUSH,
		[ENCODER_END] = BROTLI_OPERATION_FINISH,
	};
	struct br *b = (struct br *)e;
	const uint8_t *at = data;
	size_t room = 0;
	bool more;
	int rc;

	do {
		if (!BrotliEncoderCompressStream(b->state, operations[step], &n, &at, &room, NULL,
						 NULL))
			return -ENOMEM;
		more = n || BrotliEncoderHasMoreOutput(b->state);
		rc = hand_on(b, out);
	} while (rc == 0 && more);
	return rc;
}

const struct encoder_kind encoder_br = { "br", br_make, br_release, br_run };
