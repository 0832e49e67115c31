/* SPDX-License-Identifier: MIT */
/* The pairs of a query, or of a form that lies in memory. */
#include "handlers/http/forms/form.h"
#include "handlers/http/values/ascii.h"

#include <string.h>

/* In place, up to end, where a separator or the text's end stands: neither is a digit. */
static bool decode(char *at, const char *end)
{
	char *to = at;

	while (at < end) {
		char c = *at++;

		if (c == '%') {
			int high = http_hex(at[0]), low = high < 0 ? -1 : http_hex(at[1]);

			if (low < 0 || high + low == 0)
				return false;
			*to++ = (char)(high * 16 + low);
			at += 2;
		} else {
			*to++ = c == '+' ? ' ' : c;
		}
	}
	*to = '\0';
	return true;
}

int http_pair_next(char **at, char **name, char **value)
{
	char *begin = *at + strspn(*at, "&");
	char *end = begin + strcspn(begin, "&");
	char *equals = memchr(begin, '=', (size_t)(end - begin));

	*at = end + (*end == '&');
	if (begin == end)
		return 0;
	*name = begin;
	*value = equals ? equals + 1 : end;
	return decode(*name, equals ? equals : end) && decode(*value, end) ? 1 : -1;
}
