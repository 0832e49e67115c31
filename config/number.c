/* SPDX-License-Identifier: MIT */
/* Numbers as libconfig 1.5 has them: -1, 1L, 0x1F, 0x1FL, 1.5, .5, 1e3; and what it makes of them.
 */
#include "config/number.h"
#include "config/reader.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum kind { KIND_WHOLE, KIND_HEX, KIND_FLOAT, KIND_NONE };

bool number_is_hex(const char *number)
{
	return number[0] == '0' && (number[1] == 'x' || number[1] == 'X');
}

static const char *skip_digits(const char *at, size_t *count)
{
	for (*count = 0; isdigit((unsigned char)*at); at++)
		++*count;
	return at;
}

static const char *skip_long(const char *at, bool *is_long)
{
	*is_long = *at == 'L';
	at += *at == 'L';
	return at + (*is_long && *at == 'L');
}

static enum kind float_kind(const char *at, const char *end, size_t whole)
{
	size_t fraction = 0, exponent;
	bool point = *at == '.';

	if (point)
		at = skip_digits(at + 1, &fraction);
	if (whole + fraction == 0)
		return KIND_NONE;
	if (*at == 'e' || *at == 'E') {
		at++;
		at = skip_digits(at + (*at == '+' || *at == '-'), &exponent);
		return at == end && exponent ? KIND_FLOAT : KIND_NONE;
	}
	return point && at == end ? KIND_FLOAT : KIND_NONE;
}

static enum kind number_kind(const char *at, const char *end, bool *is_long)
{
	const char *rest;
	size_t digits;

	if (number_is_hex(at)) {
		digits = strspn(at + 2, "0123456789abcdefABCDEF");
		rest = skip_long(at + 2 + digits, is_long);
		return digits && rest == end ? KIND_HEX : KIND_NONE;
	}
	rest = skip_digits(at + (*at == '+' || *at == '-'), &digits);
	if (digits && skip_long(rest, is_long) == end)
		return KIND_WHOLE;
	return float_kind(rest, end, digits);
}

static bool has_leading_zero(const char *number)
{
	number += *number == '+' || *number == '-';
	return number[0] == '0' && isdigit((unsigned char)number[1]);
}

static int cut(size_t length)
{
	return length < GOT_MAX ? (int)length : GOT_MAX;
}

static void leading_zero(struct reader *r, int line, const char *key, const char *number,
			 size_t length)
{
	const char *plain = number + (*number == '+' || *number == '-');

	while (plain[0] == '0' && isdigit((unsigned char)plain[1]))
		plain++;
	reader_error(r, line, key, "got %.*s, want %s%.*s: a leading zero is not octal here",
		     cut(length), number, *number == '-' ? "-" : "",
		     cut(length - (size_t)(plain - number)), plain);
}

/* What follows the number is no digit, so strtoll() stops in time. */
static bool in_range(const char *number, enum kind kind, bool is_long)
{
	long long v;

	errno = 0;
	v = strtoll(number, NULL, kind == KIND_HEX ? 16 : 10);
	return !errno && (is_long || (v >= INT32_MIN && v <= INT32_MAX));
}

enum number_verdict number_check(struct reader *r, int line, const char *key, const char *number,
				 size_t length)
{
	bool is_long = false;
	enum kind kind = number_kind(number, number + length, &is_long);
	int n = cut(length);

	if (kind == KIND_NONE) {
		reader_error(r, line, key, "got %.*s, want a number, or a text in quotes: \"%.*s\"",
			     n, number, n, number);
		return NUMBER_WRONG;
	}
	if (kind == KIND_WHOLE && has_leading_zero(number)) {
		leading_zero(r, line, key, number, length);
		return NUMBER_CHANGED;
	}
	if (kind == KIND_FLOAT || in_range(number, kind, is_long))
		return NUMBER_FINE;
	reader_error(r, line, key, "got %.*s, want %s", n, number,
		     is_long ? "a whole number that fits in 64 bits"
			     : "an L at its end: whole numbers beyond 32 bits need it");
	return NUMBER_CHANGED;
}
