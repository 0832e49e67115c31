/* SPDX-License-Identifier: MIT */
/* Parameters of an element of a list (RFC 9110 5.6.6), and quoted strings (5.6.4). */
#include "handlers/http/values/ascii.h"
#include "handlers/http/values/list.h"

#include <string.h>

static const char *skip_token(const char *at, const char *end)
{
	while (at < end && http_is_tchar((unsigned char)*at))
		at++;
	return at;
}

/* Behind the quoted string that begins here, or where it began: it is none. */
static const char *skip_quoted(const char *begin, const char *end)
{
	const char *at = begin + 1;

	for (; at < end && *at != '"'; at++) {
		if (*at == '\\' && at + 1 < end)
			at++;
		if (!http_is_vchar((unsigned char)*at))
			return begin;
	}
	return at < end ? at + 1 : begin;
}

/* From the name on; false: malformed. */
static bool read_parameter(const char *at, const char *end, struct http_parameter *out)
{
	const char *equals = skip_token(at, end), *value = equals + 1, *behind;

	if (equals == at || equals == end || *equals != '=' || value == end)
		return false;
	behind = *value == '"' ? skip_quoted(value, end) : skip_token(value, end);
	*out = (struct http_parameter) { at, value, (size_t)(equals - at),
					 (size_t)(behind - value) };
	return behind > value;
}

int http_parameter_next(const char **at, const char *end, struct http_parameter *out)
{
	const char *p = *at;

	*at = end;
	/* At first this passes over what the parameters belong to; later nothing but blanks are
	 * left in front of the semicolon, as is seen below. */
	while (p < end && *p != ';')
		p++;
	while (p < end && (*p == ';' || http_is_blank(*p)))
		p++;
	if (p == end)
		return 0;
	if (!read_parameter(p, end, out))
		return -1;
	p = out->value + out->value_len;
	while (p < end && http_is_blank(*p))
		p++;
	if (p < end && *p != ';')
		return -1;
	*at = p;
	return 1;
}

static bool unquote_string(const char *value, const char *end, char *out, size_t size)
{
	size_t n = 0;

	for (value++; value < end && *value != '"'; value++) {
		if (*value == '\\' && ++value == end)
			return false;
		if (!http_is_vchar((unsigned char)*value) || n + 1 >= size)
			return false;
		out[n++] = *value;
	}
	if (value + 1 != end || n >= size)
		return false;
	out[n] = '\0';
	return true;
}

bool http_unquote(const char *value, size_t n, char *out, size_t size)
{
	if (n > 0 && *value == '"')
		return unquote_string(value, value + n, out, size);
	if (!http_is_token(value, n) || n >= size)
		return false;
	memmove(out, value, n);
	out[n] = '\0';
	return true;
}
