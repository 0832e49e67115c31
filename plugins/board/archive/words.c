/* SPDX-License-Identifier: MIT */
#include "words.h"

#include "../text.h"
#include "body.h"

#include <string.h>

/* Words of one charset and encoding in a row are one text: some cut a character in two. */
static const char pattern[] = "(=\\?([^?*\\s]+)(?:\\*[^?\\s]*)?\\?([bq])\\?)[^?\\s]*\\?="
			      "(?:\\s+\\1[^?\\s]*\\?=)*";

/* Appends the bytes that a word encodes. */
static void append_bytes(GByteArray *out, bool base64, char *text)
{
	size_t n = strlen(text);
	GMimeEncoding state;
	char *bytes;

	if (!base64)
		g_strdelimit(text, "_", ' ');
	g_mime_encoding_init_decode(&state, base64 ? GMIME_CONTENT_ENCODING_BASE64
						   : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
	bytes = g_malloc(g_mime_encoding_outlen(&state, n));
	n = g_mime_encoding_flush(&state, text, n, bytes);
	g_byte_array_append(out, (const guint8 *)bytes, (guint)n);
	g_free(bytes);
}

/* The bytes as UTF-8.  Line ends, which GMime takes for blanks, stay. */
static char *text_of(const char *charset, const GByteArray *bytes, bool *mended)
{
	GString *text = g_string_new(NULL);
	char *fit;
	size_t n;

	body_append_text(text, charset, bytes, mended);
	for (size_t i = 0; i < text->len; i++)
		if (text->str[i] == '\r')
			text->str[i] = ' ';
	fit = g_malloc(3 * text->len + 1);
	n = text_mend(fit, text->str, text->len);
	*mended = *mended || n != text->len || memcmp(fit, text->str, n) != 0;
	g_string_free(text, TRUE);
	return fit;
}

/* Puts one word of UTF-8 in the place of a row of them, whose texts are every fourth piece between
 * question marks.  Not in base64: GMime takes the padding of a word for the end of the next one. */
static gboolean replace(const GMatchInfo *match, GString *out, gpointer mended)
{
	char *all = g_match_info_fetch(match, 0), *charset = g_match_info_fetch(match, 2);
	char *encoding = g_match_info_fetch(match, 3), *text;
	char **pieces = g_strsplit(all, "?", -1);
	guint count = g_strv_length(pieces);
	GByteArray *bytes = g_byte_array_new();

	for (guint i = 3; i < count; i += 4)
		append_bytes(bytes, g_ascii_tolower(*encoding) == 'b', pieces[i]);
	text = text_of(charset, bytes, mended);
	g_string_append(out, "=?utf-8?Q?");
	for (const char *at = text; *at; at++)
		g_string_append_printf(out, "=%02X", (unsigned char)*at);
	g_string_append(out, "?=");
	g_free(text);
	g_byte_array_unref(bytes);
	g_strfreev(pieces);
	g_free(encoding);
	g_free(charset);
	g_free(all);
	return FALSE;
}

char *words_mend(const char *header, bool *mended)
{
	GRegex *words = g_regex_new(pattern, G_REGEX_CASELESS | G_REGEX_RAW, 0, NULL);
	char *text = g_regex_replace_eval(words, header, -1, 0, 0, replace, mended, NULL);

	g_regex_unref(words);
	return text ? text : g_strdup(header);
}
