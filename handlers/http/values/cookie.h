/* SPDX-License-Identifier: MIT */
/* Cookies (RFC 6265bis). */
#ifndef HTTP_VALUES_COOKIE_H
#define HTTP_VALUES_COOKIE_H

#include <modus/http.h>

/* Of a Cookie field's value the first cookie of that name: where its value is, and how long.
 * Quotes around it are part of it.  NULL: there is none. */
const char *http_cookie_find(const char *field, const char *name, size_t *len);

/* The value of a Set-Cookie.  Its length without the NUL; -EINVAL: no cookie, as a name that is no
 * token, a value with blanks, commas or semicolons, a path or domain with control bytes or
 * semicolons, SameSite=None without Secure, __Secure- or __Host- without what they demand;
 * -ENOSPC: longer than size. */
int http_cookie_write(char *out, size_t size, const struct modus_http_cookie *cookie, time_t now);

#endif
