/* SPDX-License-Identifier: MIT */
/* Choosing among variants (RFC 9110 12.1). */
#ifndef HTTP_VALUES_CHOOSE_H
#define HTTP_VALUES_CHOOSE_H

#include <modus/http.h>

struct http_wishes { /* fields of a request; NULL: not sent */
	const char *type, *charset, *language, *encoding;
};

enum { HTTP_BY_TYPE = 1, HTTP_BY_CHARSET = 2, HTTP_BY_LANGUAGE = 4, HTTP_BY_ENCODING = 8 };

/* The index of the best one, by the product of the qualities, then by that of the language, type,
 * charset and encoding in this order, then by size, then the first.  -ENOENT: none is acceptable.
 * *by: the dimensions in which the variants differ, for Vary, and that of the encoding where there
 * is one at all, for it may be refused. */
int http_choose(const struct http_wishes *wishes, const struct modus_http_variant *of, size_t n,
		unsigned *by);

#endif
