/* SPDX-License-Identifier: MIT */
/* What a coding has to bring.  Its encoder begins with a struct http_encoder. */
#ifndef HTTP_CODINGS_ENCODER_H
#define HTTP_CODINGS_ENCODER_H

#include "handlers/http/codings/coding.h"

enum encoder_step { ENCODER_WRITE, ENCODER_FLUSH, ENCODER_END };

struct encoder_outlet {
	http_sink *to;
	void *arg;
};

struct encoder_kind {
	const char *name; /* NULL: identity */
	struct http_encoder *(*make)(void);
	void (*release)(struct http_encoder *e);
	/* Encodes n bytes, which are 0 of the other steps.  0 or a negative errno. */
	int (*run)(struct http_encoder *e, enum encoder_step step, const void *data, size_t n,
		   const struct encoder_outlet *out);
};

struct http_encoder {
	const struct encoder_kind *kind;
	int error; /* what ended it */
};

extern const struct encoder_kind encoder_gzip, encoder_br;

#endif
