/* SPDX-License-Identifier: MIT */
/* A line of the access log. */
#ifndef WEB_LINE_H
#define WEB_LINE_H

#include "web.h"

#include <time.h>

enum { LINE_SIZE = 8192 };

struct entry { /* texts may be NULL, and are whatever a client sent */
	struct timespec now;
	const char *id, *peer, *method, *host, *target, *referer, *agent;
	int minor, status;
	int64_t bytes, us; /* of the body; since the head had come */
};

/* Writes it with its line end, NUL-terminated; returns its length.  What is very long is cut, and
 * ends with "...". */
size_t line_write(char out[LINE_SIZE], enum web_format format, const struct entry *e);

#endif
