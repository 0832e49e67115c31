/* SPDX-License-Identifier: MIT */
#include "handlers/http/values/list.h"

#include "handlers/http/values/ascii.h"

#include <stdint.h>
#include <string.h>

bool http_is_tchar(unsigned char c)
{
	static const bool tchars[256] = {
		['!'] = true,         ['#' ... '\''] = true, ['*'] = true,         ['+'] = true,
		['-'] = true,         ['.'] = true,          ['|'] = true,         ['~'] = true,
		['0' ... '9'] = true, ['A' ... 'Z'] = true,  ['^' ... 'z'] = true,
	};

	return tchars[c];
}

bool http_is_token(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!http_is_tchar((unsigned char)text[i]))
			return false;
	return n > 0;
}

bool http_is_vchar(unsigned char c)
{
	return c == '\t' || (c >= ' ' && c != 0x7f);
}

/* Whether any of the eight is below 0x20, or is 0x7f: then they are looked at one by one. */
static bool any_control(uint64_t eight)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
	uint64_t del = eight ^ ones * 0x7f;

	return (((eight - ones * 0x20) & ~eight) | ((del - ones) & ~del)) & tops;
}

bool http_is_value(const char *text, size_t n)
{
	uint64_t eight;
	size_t i = 0;

	while (i < n) {
		if (n - i >= sizeof(eight)) {
			memcpy(&eight, text + i, sizeof(eight));
			if (!any_control(eight)) {
				i += sizeof(eight);
				continue;
			}
		}
		if (!http_is_vchar((unsigned char)text[i++]))
			return false;
	}
	return true;
}

/* What is behind the quoted string that begins here; the text's end, if it has none. */
static const char *skip_quoted(const char *at)
{
	for (at++; *at && *at != '"'; at++)
		if (*at == '\\' && at[1])
			at++;
	return *at ? at + 1 : at;
}

bool http_list_next(const char **at, const char **item, size_t *n)
{
	const char *begin = *at + strspn(*at, ", \t"), *end = begin;

	while (*end && *end != ',')
		end = *end == '"' ? skip_quoted(end) : end + 1;
	*at = end;
	while (end > begin && http_is_blank(end[-1]))
		end--;
	*item = begin;
	*n = (size_t)(end - begin);
	return end > begin;
}

bool http_list_has(const char *list, const char *token)
{
	const char *item;
	size_t n, length = strlen(token);

	while (list && http_list_next(&list, &item, &n))
		if (http_same(item, n, token, length))
			return true;
	return false;
}
