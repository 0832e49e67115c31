/* SPDX-License-Identifier: MIT */
#include "handlers/http/values/target.h"

#include "handlers/http/values/ascii.h"

#include <string.h>

/* Whether a byte may stand in a path or a query.  RFC 3986 wants [ ] { } | \ ^ ` escaped too, but
 * browsers send some of them as they are, and none ends anything or is taken for another. */
static bool is_sent(char c)
{
	return c > ' ' && c < 0x7f && !strchr("#<>\"", c);
}

/* The byte of the escape that begins here, or -1: malformed. */
static int escaped(const char *at)
{
	int high = http_hex(at[1]), low = high < 0 ? -1 : http_hex(at[2]);

	return low < 0 ? -1 : high * 16 + low;
}

long http_unescape(char *text, bool plus)
{
	char *to = text;

	for (const char *from = text; *from; from++) {
		int c = (unsigned char)*from;

		if (c == '%') {
			c = escaped(from);
			if (c <= 0)
				return -1;
			from += 2;
		} else if (c == '+' && plus) {
			c = ' ';
		}
		*to++ = (char)c;
	}
	*to = '\0';
	return to - text;
}

/* Decodes n bytes, once: what was escaped twice stays escaped.  An escaped slash would make one
 * segment look like two. */
static bool decode_path(const char *text, size_t n, char *out)
{
	const char *end = text + n;

	for (; text < end; text++) {
		int c = (unsigned char)*text;

		if (!is_sent(*text))
			return false;
		if (c == '%') {
			c = escaped(text);
			if (c <= 0 || c == '/')
				return false;
			text += 2;
		}
		*out++ = (char)c;
	}
	*out = '\0';
	return true;
}

/* RFC 3986 5.2.4, in place.  Empty segments stay, as they do there: "/a//b" is another resource
 * than
 * "/a/b", and whoever checks a path must see what is then looked for.  A backslash is a letter.
 * The length; 0: a ".." leads out of the root. */
static size_t remove_dots(char *path)
{
	const char *from = path;
	char *to = path;

	while (*from) {
		size_t n = 1 + strcspn(from + 1, "/");
		bool up = n == 3 && from[1] == '.' && from[2] == '.';
		bool dots = up || (n == 2 && from[1] == '.');

		if (up && to == path)
			return 0;
		while (up && *--to != '/')
			;
		if (!dots) {
			memmove(to, from, n);
			to += n;
		}
		from += n;
		if (dots && !*from)
			*to++ = '/';
	}
	*to = '\0';
	return (size_t)(to - path);
}

static bool put_path(const char *path, char *to, struct http_target *out)
{
	strcpy(to, path);
	out->path_len = strlen(path);
	return true;
}

/* From the path on. */
static bool read_rest(const char *rest, bool options, char *path, struct http_target *out)
{
	size_t n = strcspn(rest, "?");

	/* The query is as it was sent, with all its escapes: who takes it apart decodes them. */
	if (rest[n] == '?')
		out->query = rest + n + 1;
	for (const char *at = out->query; at && *at; at++)
		if (!is_sent(*at))
			return false;
	/* What a proxy would send on as an asterisk (RFC 9112 3.2.4). */
	if (n == 0)
		return put_path(options && !out->query ? "*" : "/", path, out);
	if (!decode_path(rest, n, path))
		return false;
	out->path_len = remove_dots(path);
	return out->path_len > 0;
}

/* Notes the authority; path is room for a host that nobody wants to see. */
static bool take_authority(const char *text, size_t n, char *path, struct http_target *out)
{
	out->authority = text;
	out->authority_len = n;
	return http_host_read(text, n, path);
}

/* RFC 9112 3.2.3: with a port, which must not be 0 (RFC 9110 9.3.6). */
static bool read_authority_form(const char *text, char *path, struct http_target *out)
{
	size_t n = strlen(text);
	const char *port = strrchr(text, ':');

	out->form = HTTP_FORM_AUTHORITY;
	if (!take_authority(text, n, path, out) || !port || !http_is_digit(text[n - 1]))
		return false;
	port += strspn(port, ":0");
	return *port && put_path("/", path, out);
}

static bool read_absolute_form(const char *text, bool options, char *path, struct http_target *out)
{
	size_t n;

	if (http_begins(text, "http://"))
		text += strlen("http://");
	else if (http_begins(text, "https://"))
		text += strlen("https://");
	else
		return false;
	n = strcspn(text, "/?");
	out->form = HTTP_FORM_ABSOLUTE;
	return take_authority(text, n, path, out) && read_rest(text + n, options, path, out);
}

bool http_target_read(const char *text, const char *method, char *path, struct http_target *out)
{
	bool options = !strcmp(method, "OPTIONS");

	*out = (struct http_target) { .form = HTTP_FORM_ORIGIN };
	if (!strcmp(method, "CONNECT"))
		return read_authority_form(text, path, out);
	if (*text == '/')
		return read_rest(text, options, path, out);
	if (strcmp(text, "*") != 0)
		return read_absolute_form(text, options, path, out);
	out->form = HTTP_FORM_ASTERISK;
	return options && put_path("*", path, out);
}
