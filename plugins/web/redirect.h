/* SPDX-License-Identifier: MIT */
/* Where a redirect leads to: a text that may have {path} and {query}. */
#ifndef WEB_REDIRECT_H
#define WEB_REDIRECT_H

#include "web.h"

/* Whether it is an absolute path or an address of http or https, and has nothing else in braces. */
bool redirect_is_good(const char *text);

/* Redirects with that status to text: {path} becomes rest, which is what of the request's path is
 * below the route, decoded (at least a slash where text begins with it); {query} becomes the query
 * with its question mark, or nothing.  Returns what respond() returns. */
int redirect_send(struct modus_http *h, int status, const char *text, const char *rest);

#endif
