/* SPDX-License-Identifier: MIT */
/* What the line before a message says: "From ADDRESS DATE". */
#ifndef BOARD_ARCHIVE_FROM_LINE_H
#define BOARD_ARCHIVE_FROM_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether the line, of n bytes, has a date that can be read: "Thu Nov 24 18:22:48 1986", with or
 * without seconds, a zone before or after the year, or as in a Date header. */
bool from_line_date(const char *line, size_t n, int64_t *date);
/* Whether its second word has an at sign. */
bool from_line_has_address(const char *line, size_t n);
/* The second word; out gets at most size - 1 bytes of it. */
void from_line_address(const char *line, size_t n, char *out, size_t size);

#endif
