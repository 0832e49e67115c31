/* SPDX-License-Identifier: MIT */
/* Ranges of bytes (RFC 9110 14). */
#ifndef HTTP_VALUES_RANGE_H
#define HTTP_VALUES_RANGE_H

#include <stdint.h>

enum { HTTP_RANGES_MAX = 16 };

struct http_range {
	int64_t first, count;
};

/* Reads a Range field for a representation of size bytes.  The number of ranges, in the order of
 * the request, those that overlap or are less than 80 bytes apart as one (RFC 9110 15.3.7.2 allows
 * it). 0: the field is to be ignored: malformed, of another unit, of an empty representation asked
 * by suffix, or an abuse: more than HTTP_RANGES_MAX are left, or they ask for more than all of it.
 * -1: none can be satisfied (416). */
int http_ranges_read(const char *value, int64_t size, struct http_range out[HTTP_RANGES_MAX]);

#endif
