/* SPDX-License-Identifier: MIT */
/* Letters and digits of ASCII: those of <ctype.h> and strcasecmp() ask the locale. */
#ifndef HTTP_VALUES_ASCII_H
#define HTTP_VALUES_ASCII_H

#include <stdbool.h>
#include <stddef.h>

static inline bool http_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline char http_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static inline bool http_is_alpha(char c)
{
	return http_lower(c) >= 'a' && http_lower(c) <= 'z';
}

static inline bool http_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The value of a hexadecimal digit, or -1. */
static inline int http_hex(char c)
{
	if (http_is_digit(c))
		return c - '0';
	c = http_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The rest compare without case. */
static inline bool http_same(const char *a, size_t n, const char *b, size_t m)
{
	if (n != m)
		return false;
	for (size_t i = 0; i < n; i++)
		if (http_lower(a[i]) != http_lower(b[i]))
			return false;
	return true;
}

/* prefix is in lower case. */
static inline bool http_begins(const char *text, const char *prefix)
{
	for (; *prefix; text++, prefix++)
		if (http_lower(*text) != *prefix)
			return false;
	return true;
}

#endif
