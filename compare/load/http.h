/* SPDX-License-Identifier: MIT */
/* An HTTP/1.1 request that is always the same, and what each of its responses has to be. */
#ifndef COMPARE_HTTP_H
#define COMPARE_HTTP_H

#include "compare/load/load.h"
#include "core/address.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	HTTP_BODY_MAX = 64 << 20,
	HTTP_HEAD_MAX = 65536, /* of a response, with the interim ones before it */
	HTTP_REPEAT_MAX = 16384,
	HTTP_TARGET_MAX = 4096,
	HTTP_METHOD_MAX = 16,
	HTTP_HEADERS_MAX = 16,
	HTTP_HEADER_MAX = 4096, /* bytes of one */
};

/* What a user may ask for; NULL and 0 where he did not. */
struct http_wish {
	const char *url;                       /* http://host:port/path */
	const char *path;                      /* or /path alone, of whichever server it is */
	const char *method;                    /* GET, or POST where there is a body */
	const char *headers[HTTP_HEADERS_MAX]; /* "Name: value" */
	unsigned header_count;
	const char *body;        /* a text, or @FILE */
	const char *expect_body; /* a file */
	unsigned status;         /* 0: any of 200 to 299 */
	bool any_body;           /* responses need not be alike */
};

struct http_text {
	char *bytes;
	size_t size;
};

struct http {
	char address[ADDRESS_TEXT_MAX]; /* tcp://host:port of the URL, or "" */
	char name[80];                  /* "GET /path", cut where it is long */
	char method[HTTP_METHOD_MAX + 1];
	char *path, *headers;            /* headers as they are sent, with their ends */
	struct http_text body, expected; /* bytes NULL: there is none */
	unsigned status;
	bool any_body;
	bool head;      /* responses have no bodies, whatever they say */
	bool host_said; /* among the headers */
};

bool http_is(const char *target); /* begins with http:// */

/* Reads what is wished; files that it names without a leading '/' are in folder (NULL: here).  0,
 * or a negative errno and "NAME: got X, want Y" in why.  http_free() in any case. */
int http_read(struct http *h, const struct http_wish *w, const char *folder, char *why,
	      size_t size);
void http_free(struct http *h);

/* Makes the request that a server is sent, whose address is as core/address.h reads it: 0 or
 * -ENOMEM.  out->bytes are to be freed. */
int http_request(const struct http *h, const char *address, enum load_mode mode,
		 struct http_text *out);

/* The same request so many times, where it is small, so that a pipeline can be sent at once; else
 * fewer times, at least once. */
int http_repeat(const struct http_text *one, unsigned times, struct http_text *out);

#endif
