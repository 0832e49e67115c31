/* SPDX-License-Identifier: MIT */
/* Tokens, and lists of them (RFC 9110 5.6). */
#ifndef HTTP_VALUES_LIST_H
#define HTTP_VALUES_LIST_H

#include <stdbool.h>
#include <stddef.h>

bool http_is_tchar(unsigned char c);            /* of a token */
bool http_is_token(const char *text, size_t n); /* 1 or more of these */
bool http_is_vchar(unsigned char c);            /* of a field's value: SP, HTAB, VCHAR, obs-text */
bool http_is_value(const char *text, size_t n); /* all of them are such */

/* The next element of a comma list: without blanks around it; quoted strings may have commas; empty
 * elements are passed over.  *at moves on.  false: there are no more. */
bool http_list_next(const char **at, const char **item, size_t *n);

/* Whether a list has this token, compared without case; list may be NULL. */
bool http_list_has(const char *list, const char *token);

/* Of an element, the next parameter behind its ";": name = value, unquoted into out (in place is
 * fine: value is at most as long).  Blanks around ";" are passed over.  *at moves on within end.
 * 1: there is one; 0: no more; -1: malformed. */
struct http_parameter {
	const char *name, *value; /* not NUL-terminated; value as it was sent, with its quotes */
	size_t name_len, value_len;
};
int http_parameter_next(const char **at, const char *end, struct http_parameter *out);

/* Unquotes a quoted-string, or copies a token, NUL-terminated.  false: malformed, or too long. */
bool http_unquote(const char *value, size_t n, char *out, size_t size);

#endif
