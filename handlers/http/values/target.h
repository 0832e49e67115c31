/* SPDX-License-Identifier: MIT */
/* The target of a request (RFC 9112 3.2), and what stands in one. */
#ifndef HTTP_VALUES_TARGET_H
#define HTTP_VALUES_TARGET_H

#include <stdbool.h>
#include <stddef.h>

enum http_target_form {
	HTTP_FORM_ORIGIN,
	HTTP_FORM_ABSOLUTE,
	HTTP_FORM_AUTHORITY,
	HTTP_FORM_ASTERISK
};

struct http_target {
	enum http_target_form form;
	const char
		*authority; /* of the absolute and authority forms, in text; not NUL-terminated */
	size_t authority_len;
	const char *query; /* in text, to its end; NULL: none */
	size_t path_len;   /* of what was written to path */
};

/* Takes a target apart.  path: strlen(text) + 2 bytes, in which the path is written with its
 * escapes decoded and its dot segments removed, beginning with a slash ("*" for the asterisk form).
 * An escaped slash or NUL, a malformed escape, a control byte, a fragment, a form that method
 * cannot have: false, for 400 is the answer.  Dot segments are removed after the decoding, so that
 * none is left, however it was written; ".." above the root is refused. */
bool http_target_read(const char *text, const char *method, char *path, struct http_target *out);

/* Decodes %-escapes in place, "+" as a blank if plus.  The length, or -1: malformed, or a NUL. */
long http_unescape(char *text, bool plus);

/* Whether it is a host, or a host and port, as "example.org:80", "[::1]", "192.0.2.1" (RFC
 * 3986 3.2.2). Writes it in lower case and without its port, NUL-terminated, to out of n + 1 bytes.
 */
bool http_host_read(const char *text, size_t n, char *out);

#endif
