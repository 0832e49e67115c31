/* SPDX-License-Identifier: MIT */
/* HTTP's dates (RFC 9110 5.6.7). */
#ifndef HTTP_VALUES_DATE_H
#define HTTP_VALUES_DATE_H

#include <time.h>

enum { HTTP_DATE_SIZE = 30 };

/* Writes t as an IMF-fixdate, "Sun, 06 Nov 1994 08:49:37 GMT", NUL-terminated. */
void http_date_write(char out[HTTP_DATE_SIZE], time_t t);

/* Reads any of the three forms; a two-digit year more than 50 years ahead of now is in the past.
 * -1: it is no date. */
time_t http_date_read(const char *text, time_t now);

#endif
