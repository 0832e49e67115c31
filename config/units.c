/* SPDX-License-Identifier: MIT */
#include "config/units.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct unit {
	const char *suffix;
	int64_t factor;
};

static const struct unit sizes[] = {
	{ "", 1 }, { "K", 1 << 10 }, { "M", 1 << 20 }, { "G", 1 << 30 }, { NULL, 0 }
};
static const struct unit times[] = {
	{ "ms", 1 }, { "s", 1000 }, { "m", 60 * 1000 }, { "h", 3600 * 1000 }, { NULL, 0 }
};

static bool parse(const char *text, const struct unit *units, int64_t *out)
{
	size_t digits = strspn(text, "0123456789");
	int64_t n;

	if (digits == 0 || (text[0] == '0' && digits > 1))
		return false;
	errno = 0;
	n = strtoll(text, NULL, 10);
	if (errno)
		return false;
	for (const struct unit *u = units; u->suffix; u++)
		if (!strcmp(text + digits, u->suffix))
			return !__builtin_mul_overflow(n, u->factor, out);
	return false;
}

bool units_parse_bytes(const char *text, int64_t *bytes)
{
	return parse(text, sizes, bytes);
}

bool units_parse_time(const char *text, int64_t *ms)
{
	return parse(text, times, ms);
}

const char *units_number(int64_t n, char text[UNITS_TEXT_MAX])
{
	snprintf(text, UNITS_TEXT_MAX, "%" PRId64 "%s", n,
		 n > INT32_MAX || n < INT32_MIN ? "L" : "");
	return text;
}

const char *units_bytes(int64_t bytes, char text[UNITS_TEXT_MAX])
{
	const struct unit *u = sizes;

	while (bytes > 0 && u[1].suffix && bytes % u[1].factor == 0)
		u++;
	snprintf(text, UNITS_TEXT_MAX, "%" PRId64 "%s", bytes / u->factor, u->suffix);
	return text;
}

const char *units_seconds(int64_t ms, char text[UNITS_TEXT_MAX])
{
	uint64_t size = ms < 0 ? 0 - (uint64_t)ms : (uint64_t)ms;
	int n = snprintf(text, UNITS_TEXT_MAX, "%s%" PRIu64 ".%03d", ms < 0 ? "-" : "", size / 1000,
			 (int)(size % 1000));

	while (text[n - 1] == '0')
		text[--n] = '\0';
	if (text[n - 1] == '.')
		text[n - 1] = '\0';
	return text;
}
