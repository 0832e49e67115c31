/* SPDX-License-Identifier: MIT */
/* Forms in a body: what modus_http_part() keeps between two calls. */
#ifndef HTTP_FORMS_FORM_H
#define HTTP_FORMS_FORM_H

#include <modus/http.h>

struct http_form;

/* Where a request keeps its form; NULL at first.  exchange.c has it. */
struct http_form **http_form_of(struct modus_http *h);

/* The next pair of "a=b&c=d" (WHATWG URL, urlencoded): decoded in place, NUL-terminated; *at moves
 * on. 1: there is one; 0: no more; -1: a malformed escape or a NUL. */
int http_pair_next(char **at, char **name, char **value);

#endif
