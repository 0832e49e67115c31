/* SPDX-License-Identifier: MIT */
#include "handlers/http/values/ascii.h"
#include "handlers/http/values/target.h"

#include <arpa/inet.h>
#include <string.h>

enum { PORT_MAX = 65535 };

/* unreserved and sub-delims of RFC 3986 */
static bool is_plain(char c)
{
	return http_is_alpha(c) || http_is_digit(c) || (c && strchr("-._~!$&'()*+,;=", c));
}

/* How many bytes of the n are of a registered name or an IPv4 address, which looks like one. */
static size_t name_length(const char *text, size_t n)
{
	size_t i = 0;

	while (i < n) {
		if (is_plain(text[i]))
			i++;
		else if (text[i] == '%' && n - i > 2 && http_hex(text[i + 1]) >= 0 &&
			 http_hex(text[i + 2]) >= 0)
			i += 3;
		else
			break;
	}
	return i;
}

static bool is_ipv6(const char *text, size_t n)
{
	char copy[INET6_ADDRSTRLEN];
	struct in6_addr address;

	if (n >= sizeof(copy))
		return false;
	for (size_t i = 0; i < n; i++)
		if (http_hex(text[i]) < 0 && text[i] != ':' && text[i] != '.')
			return false;
	memcpy(copy, text, n);
	copy[n] = '\0';
	return inet_pton(AF_INET6, copy, &address) == 1;
}

/* IPvFuture = "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" ) */
static bool is_future(const char *text, size_t n)
{
	size_t i = 1;

	if (n == 0 || http_lower(*text) != 'v')
		return false;
	while (i < n && http_hex(text[i]) >= 0)
		i++;
	if (i == 1 || i + 1 >= n || text[i] != '.')
		return false;
	for (i++; i < n; i++)
		if (!is_plain(text[i]) && text[i] != ':')
			return false;
	return true;
}

/* Of an address in brackets, with these; 0: it is none. */
static size_t literal_length(const char *text, size_t n)
{
	const char *end = memchr(text, ']', n);
	size_t within;

	if (!end)
		return 0;
	within = (size_t)(end - text) - 1;
	return is_ipv6(text + 1, within) || is_future(text + 1, within) ? within + 2 : 0;
}

/* Nothing, or a colon and digits; none are the scheme's own port. */
static bool is_port(const char *text, size_t n)
{
	int port = 0;

	if (n > 0 && *text != ':')
		return false;
	for (size_t i = 1; i < n; i++) {
		if (!http_is_digit(text[i]))
			return false;
		port = port * 10 + (text[i] - '0');
		if (port > PORT_MAX)
			return false;
	}
	return true;
}

bool http_host_read(const char *text, size_t n, char *out)
{
	size_t length;

	if (n == 0)
		return false;
	length = *text == '[' ? literal_length(text, n) : name_length(text, n);
	if (length == 0 || !is_port(text + length, n - length))
		return false;
	for (size_t i = 0; i < length; i++)
		out[i] = http_lower(text[i]);
	out[length] = '\0';
	return true;
}
