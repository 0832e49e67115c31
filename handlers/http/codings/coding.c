/* SPDX-License-Identifier: MIT */
#include "handlers/http/codings/encoder.h"

#include "handlers/http/values/accept.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct http_encoder *identity_make(void)
{
	return malloc(sizeof(struct http_encoder));
}

static void identity_release(struct http_encoder *e)
{
	free(e);
}

static int identity_run(struct http_encoder *e, enum encoder_step step, const void *data, size_t n,
			const struct encoder_outlet *out)
{
	int rc = n ? out->to(out->arg, data, n) : 0;

	return rc < 0 ? rc : 0;
}

static const struct encoder_kind encoder_identity = { NULL, identity_make, identity_release,
						      identity_run };

static const struct encoder_kind *const kinds[] = {
	[HTTP_IDENTITY] = &encoder_identity,
	[HTTP_GZIP] = &encoder_gzip,
	[HTTP_BR] = &encoder_br,
};

struct http_encoder *http_encoder_new(enum http_coding coding)
{
	struct http_encoder *e = kinds[coding]->make();

	if (!e)
		return NULL;
	e->kind = kinds[coding];
	e->error = 0;
	return e;
}

void http_encoder_free(struct http_encoder *e)
{
	if (e)
		e->kind->release(e);
}

static int run(struct http_encoder *e, enum encoder_step step, const void *data, size_t n,
	       const struct encoder_outlet *out)
{
	if (!e->error)
		e->error = e->kind->run(e, step, data, n, out);
	return e->error;
}

int http_encoder_write(struct http_encoder *e, const void *data, size_t n, http_sink *to, void *arg)
{
	const struct encoder_outlet out = { to, arg };

	return n ? run(e, ENCODER_WRITE, data, n, &out) : e->error;
}

int http_encoder_flush(struct http_encoder *e, http_sink *to, void *arg)
{
	const struct encoder_outlet out = { to, arg };

	return run(e, ENCODER_FLUSH, "", 0, &out);
}

/* Nothing can follow. */
int http_encoder_end(struct http_encoder *e, http_sink *to, void *arg)
{
	const struct encoder_outlet out = { to, arg };
	int rc = run(e, ENCODER_END, "", 0, &out);

	if (!rc)
		e->error = -EINVAL;
	return rc;
}

const char *http_coding_name(enum http_coding coding)
{
	return kinds[coding]->name;
}

/* A request without the field is no wish for a coding, though it refuses none. */
enum http_coding http_coding_wished(const char *accept_encoding)
{
	int identity, gzip, br, best;

	if (!accept_encoding)
		return HTTP_IDENTITY;
	identity = http_quality_of_encoding(accept_encoding, NULL);
	gzip = http_quality_of_encoding(accept_encoding, "gzip");
	br = http_quality_of_encoding(accept_encoding, "br");
	best = br >= gzip ? br : gzip;
	if (best == 0 || best < identity)
		return HTTP_IDENTITY;
	return br == best ? HTTP_BR : HTTP_GZIP;
}
