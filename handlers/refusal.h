/* SPDX-License-Identifier: MIT */
/* The one sentence with which the loader refuses a plugin. */
#ifndef HANDLERS_REFUSAL_H
#define HANDLERS_REFUSAL_H

#include <modus/handler.h>

struct refusal {
	const char *file; /* the sentence's subject */
	char *why;
	size_t size;
};

/* Writes "FILE: sentence", returns -EINVAL. */
int refuse(const struct refusal *r, const char *format, ...) MODUS_FORMAT(2, 3);

#endif
