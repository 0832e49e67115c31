/* SPDX-License-Identifier: MIT */
#include "redirect.h"

#include <errno.h>
#include <string.h>

/* RFC 3986 3.3 and 3.4: what may stand in a path, and in a query, as it is. */
#define IN_PATH  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/"
#define IN_QUERY IN_PATH "?%"
#define IN_TEXT  IN_QUERY "#[]" /* and the braces */

static const char path_mark[] = "{path}", query_mark[] = "{query}";

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

bool redirect_is_good(const char *text)
{
	bool good = (*text == '/' && text[1] != '/') || begins(text, path_mark) ||
		    begins(text, "http://") || begins(text, "https://");

	for (const char *at = text; good && *at; at++) {
		if (begins(at, path_mark))
			at += strlen(path_mark) - 1;
		else if (begins(at, query_mark))
			at += strlen(query_mark) - 1;
		else
			good = strchr(IN_TEXT, *at);
	}
	return good;
}

/* Copies text, and escapes what may not stand there as it is. */
static char *put(char *out, const char *text, const char *as_is)
{
	static const char hex[] = "0123456789ABCDEF";

	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (strchr(as_is, c)) {
			*out++ = *text;
			continue;
		}
		*out++ = '%';
		*out++ = hex[c >> 4];
		*out++ = hex[c & 15];
	}
	return out;
}

/* Whatever the client sent, what begins with one slash is of this server. */
static const char *one_slash(const char *location)
{
	while (location[0] == '/' && location[1] == '/')
		location++;
	return location;
}

static size_t count(const char *text, const char *mark)
{
	size_t n = 0;

	for (; (text = strstr(text, mark)); text++)
		n++;
	return n;
}

int redirect_send(struct modus_http *h, int status, const char *text, const char *rest)
{
	const char *query = modus_http_query(h);
	size_t room = strlen(text) + 3 * strlen(rest) * count(text, path_mark) + 2;
	char *location, *out;

	if (query)
		room += (1 + 3 * strlen(query)) * count(text, query_mark);
	location = out = modus_http_alloc(h, room);
	if (!location)
		return -ENOMEM;
	while (*text) {
		if (begins(text, path_mark)) {
			out = put(out, *rest || out > location ? rest : "/", IN_PATH);
			text += strlen(path_mark);
		} else if (begins(text, query_mark)) {
			if (query)
				*out++ = '?';
			out = query ? put(out, query, IN_QUERY) : out;
			text += strlen(query_mark);
		} else {
			*out++ = *text++;
		}
	}
	*out = '\0';
	return modus_http_redirect(h, status, one_slash(location));
}
