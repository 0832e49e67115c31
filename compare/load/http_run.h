/* SPDX-License-Identifier: MIT */
/* Within the load engine: one connection's HTTP requests (http.h); llhttp reads the responses. */
#ifndef COMPARE_HTTP_RUN_H
#define COMPARE_HTTP_RUN_H

#include "compare/load/http.h"
#include "compare/load/window.h"

#include <llhttp.h>

struct http_run {
	struct window window;
	uint64_t sent; /* bytes */
	uint64_t got;  /* bytes of the body under way */
	uint64_t bare; /* bytes since the last of a body, or the last response; see HTTP_HEAD_MAX */
	llhttp_t parser;
	bool within; /* a response */
	bool over;   /* the server closes after the last one */
};

struct exchange;
extern const struct exchange http_exchange;

#endif
