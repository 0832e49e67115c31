/* SPDX-License-Identifier: MIT */
#include "text.h"

#include <string.h>

#define MENDED "\xef\xbf\xbd"

static bool is_plain(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c && strchr("-._~/", c));
}

void text_encode(char **out, const char *text)
{
	static const char digits[] = "0123456789ABCDEF";
	char *at = *out;

	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (is_plain(c)) {
			*at++ = (char)c;
			continue;
		}
		*at++ = '%';
		*at++ = digits[c >> 4];
		*at++ = digits[c & 15];
	}
	*at = '\0';
	*out = at;
}

char *text_encoded(struct modus_http *h, const char *text)
{
	char *out = modus_http_alloc(h, 3 * strlen(text) + 1), *at = out;

	if (out)
		text_encode(&at, text);
	return out;
}

/* How many bytes the character has that c begins, by its value the least that is not overlong. */
static size_t length_of(unsigned char c, uint32_t *least)
{
	if (c >= 0xc2 && c <= 0xdf) {
		*least = 0x80;
		return 2;
	}
	if (c >= 0xe0 && c <= 0xef) {
		*least = 0x800;
		return 3;
	}
	*least = 0x10000;
	return c >= 0xf0 && c <= 0xf4 ? 4 : 0;
}

size_t text_character(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	uint32_t least, value;
	size_t n;

	if (*s < 0x80)
		return *s >= 0x20 && *s != 0x7f;
	n = length_of(*s, &least);
	value = *s & (0x7fU >> n);
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (s[i] & 0x3f);
	}
	if (value < least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	return value < 0xa0 ? 0 : n;
}

static int write_html(struct modus_http *h, const char *character, size_t n)
{
	char text[8] = "";

	memcpy(text, character, n);
	return modus_http_escape(h, text);
}

static int write_json(struct modus_http *h, const char *character, size_t n)
{
	if (*character == '"' || *character == '\\')
		modus_http_write(h, "\\", 1);
	return modus_http_write(h, character, n);
}

static int write_mended(struct modus_http *h, const char *text,
			int (*write)(struct modus_http *h, const char *character, size_t n))
{
	size_t n;
	int rc = 0;

	for (; *text && !rc; text += n ? n : 1) {
		n = text_character(text);
		rc = n ? write(h, text, n) : modus_http_puts(h, MENDED);
	}
	return rc;
}

int text_write_html(struct modus_http *h, const char *text)
{
	return write_mended(h, text, write_html);
}

int text_write_json(struct modus_http *h, const char *text)
{
	modus_http_write(h, "\"", 1);
	write_mended(h, text, write_json);
	return modus_http_write(h, "\"", 1);
}
