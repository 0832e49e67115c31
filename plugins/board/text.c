/* SPDX-License-Identifier: MIT */
#include "text.h"

#include "store.h"

#include <errno.h>
#include <string.h>
#include <unictype.h>
#include <unistr.h>

static bool is_unfit(ucs4_t c)
{
	return uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Cc | UC_CATEGORY_MASK_Zl |
							   UC_CATEGORY_MASK_Zp) ||
	       (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

int text_check(const char *text, size_t n, bool tabs)
{
	const uint8_t *at = (const uint8_t *)text, *end = at + n;

	if (u8_check(at, n))
		return -EILSEQ;
	while (at < end) {
		ucs4_t c;

		at += u8_mbtouc_unsafe(&c, at, (size_t)(end - at));
		if (is_unfit(c) && !(c == '\t' && tabs))
			return -EINVAL;
	}
	return 0;
}

/* How many bytes at the beginning, which is no character, could have begun one; at least 1. */
static size_t broken(const uint8_t *at, size_t n)
{
	size_t len = 1;
	ucs4_t c;

	while (len < n && u8_mbtoucr(&c, at, len + 1) == -2)
		len++;
	return len;
}

size_t text_mend(char *out, const char *text, size_t n)
{
	static const char replacement[] = "\xef\xbf\xbd";
	const uint8_t *at = (const uint8_t *)text, *end = at + n;
	char *begin = out;

	while (at < end) {
		ucs4_t c;
		int len = u8_mbtoucr(&c, at, (size_t)(end - at));
		bool fit = len > 0 && (!is_unfit(c) || c == '\t' || c == '\n');
		size_t taken = len > 0 ? (size_t)len : broken(at, (size_t)(end - at));

		memcpy(out, fit ? (const char *)at : replacement, fit ? taken : 3);
		out += fit ? taken : 3;
		at += taken;
	}
	*out = '\0';
	return (size_t)(out - begin);
}

bool text_is_name(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				"0123456789_-");

	return n >= 1 && n <= STORE_NAME && !text[n] && strchr(letters, *text);
}
