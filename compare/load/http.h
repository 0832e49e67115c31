/* SPDX-License-Identifier: MIT */
/* An HTTP/1.1 request that is always the same, and what each of its responses has to be. */
#ifndef COMPARE_HTTP_H
#define COMPARE_HTTP_H

#include "core/address.h"

#include <stdbool.h>
#include <stddef.h>

enum { HTTP_BODY_MAX = 64 << 20, HTTP_TARGET_MAX = 4096 };

/* What a user may ask for; NULL and 0 where he did not. */
struct http_wish {
	const char *target;      /* http://host:port/path */
	const char *body;        /* is sent by POST: a text, or @FILE; NULL: GET */
	const char *expect_body; /* a file */
	unsigned status;         /* 0: any of 200 to 299 */
	bool any_body;           /* responses need not be alike */
};

struct http_text {
	char *bytes;
	size_t size;
};

struct http {
	char address[ADDRESS_TEXT_MAX];  /* tcp://host:port, the target of the load */
	char name[80];                   /* "GET /path", cut where it is long */
	struct http_text request[2];     /* by enum load_mode: keep, close */
	struct http_text body, expected; /* bytes NULL: there is none */
	unsigned status;
	bool any_body;
};

bool http_is(const char *target); /* begins with http:// */

/* 0, or a negative errno and a sentence in why; http_free() in any case. */
int http_read(struct http *h, const struct http_wish *w, char *why, size_t size);
void http_free(struct http *h);

#endif
