/* SPDX-License-Identifier: MIT */
#include "body.h"

#include "../text.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <string.h>

/* ---- Charsets ---- */

/* Appends as much as there is room for: 0, or why iconv() stopped. */
static int step(GString *out, iconv_t from, char **in, size_t *n)
{
	char piece[4096], *to = piece;
	size_t room = sizeof(piece);
	int stopped = iconv(from, in, n, &to, &room) == (size_t)-1 ? errno : 0;

	g_string_append_len(out, piece, to - piece);
	return stopped;
}

/* Appends bytes of a charset as UTF-8; a byte that begins none of its characters becomes U+FFFD,
 * and so does a character that lacks its end.  A letter that an accent might have followed comes
 * when it is said that nothing does.  Whether all were. */
static bool convert(GString *out, iconv_t from, const char *bytes, size_t n)
{
	char *in = (char *)(uintptr_t)bytes;
	bool whole = true;

	while (n) {
		int stopped = step(out, from, &in, &n);

		if (!stopped || stopped == E2BIG)
			continue;
		g_string_append(out, "\xef\xbf\xbd");
		whole = false;
		in++;
		n = stopped == EINVAL ? 0 : n - 1;
	}
	step(out, from, NULL, NULL);
	return whole;
}

static bool is_utf8(const char *charset)
{
	return !charset || !g_ascii_strcasecmp(charset, "utf-8") ||
	       !g_ascii_strcasecmp(charset, "us-ascii");
}

void body_append_text(GString *out, const char *charset, const GByteArray *bytes, bool *mended)
{
	iconv_t from = is_utf8(charset) ? (iconv_t)-1
					: iconv_open("UTF-8", g_mime_charset_iconv_name(charset));

	if (from == (iconv_t)-1) {
		g_string_append_len(out, (const char *)bytes->data, bytes->len);
		return;
	}
	if (!convert(out, from, (const char *)bytes->data, bytes->len))
		*mended = true;
	iconv_close(from);
}

/* ---- Parts ---- */

/* What the part holds, its transfer encoding undone. */
static GMimeStream *contents(GMimePart *part)
{
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	GMimeStream *bytes = g_mime_stream_mem_new();

	if (content)
		g_mime_data_wrapper_write_to_stream(content, bytes);
	return bytes;
}

/* What has a type that cannot be read is text (RFC 2045, section 5.2), to GMime it is octets. */
static bool is_unreadable(GMimeObject *part, GMimeContentType *type)
{
	GMimeHeader *said =
		g_mime_header_list_get_header(g_mime_object_get_header_list(part), "Content-Type");

	return said && g_mime_content_type_is_type(type, "application", "octet-stream") &&
	       !strcasestr(g_mime_header_get_raw_value(said), "octet-stream");
}

static bool is_text(GMimeObject *part)
{
	GMimeContentType *type = g_mime_object_get_content_type(part);

	return !g_mime_part_is_attachment((GMimePart *)part) &&
	       (!type || g_mime_content_type_is_type(type, "text", "*") ||
		is_unreadable(part, type));
}

static void append_name(GString *out, const char *name, const char *type, guint bytes)
{
	char *line = g_strdelimit(g_strdup(name ? name : "-"), "\r\n\t", ' ');

	g_string_append_printf(out, "[attachment: %s, %s, %u]\n", line, type, bytes);
	g_free(line);
}

static void append_part(GString *out, GMimeObject *part, bool *mended)
{
	GMimeContentType *type = g_mime_object_get_content_type(part);
	const char *name = g_mime_part_get_filename((GMimePart *)part);
	GMimeStream *stream = contents((GMimePart *)part);
	GByteArray *bytes = g_mime_stream_mem_get_byte_array((GMimeStreamMem *)stream);
	char *mime_type = type ? g_mime_content_type_get_mime_type(type) : g_strdup("text/plain");

	if (out->len && out->str[out->len - 1] != '\n')
		g_string_append_c(out, '\n');
	if (is_text(part))
		body_append_text(out,
				 type ? g_mime_content_type_get_parameter(type, "charset") : NULL,
				 bytes, mended);
	else
		append_name(out, name, mime_type, bytes->len);
	g_free(mime_type);
	g_object_unref(stream);
}

/* The one of several forms of the same that is text, else the first. */
static GMimeObject *choose(GMimeMultipart *forms)
{
	int n = g_mime_multipart_get_count(forms);

	for (int i = 0; i < n; i++) {
		GMimeObject *part = g_mime_multipart_get_part(forms, i);
		GMimeContentType *type = g_mime_object_get_content_type(part);

		if (type && g_mime_content_type_is_type(type, "text", "plain"))
			return part;
	}
	return n ? g_mime_multipart_get_part(forms, 0) : NULL;
}

static void append_multipart(GString *out, GMimeMultipart *multipart, bool *mended)
{
	GMimeContentType *type = g_mime_object_get_content_type((GMimeObject *)multipart);
	int n = g_mime_multipart_get_count(multipart);

	if (type && g_mime_content_type_is_type(type, "multipart", "alternative")) {
		body_append(out, choose(multipart), mended);
		return;
	}
	for (int i = 0; i < n; i++)
		body_append(out, g_mime_multipart_get_part(multipart, i), mended);
}

void body_append(GString *out, GMimeObject *part, bool *mended)
{
	GMimeMessage *message;

	if (!part)
		return;
	if (GMIME_IS_MULTIPART(part)) {
		append_multipart(out, (GMimeMultipart *)part, mended);
	} else if (GMIME_IS_MESSAGE_PART(part)) {
		message = g_mime_message_part_get_message((GMimeMessagePart *)part);
		if (message)
			body_append(out, g_mime_message_get_mime_part(message), mended);
	} else if (GMIME_IS_PART(part)) {
		append_part(out, part, mended);
	}
}

/* Lines end with a line feed. */
static void unite_lines(GString *text)
{
	size_t to = 0;

	for (size_t i = 0; i < text->len; i++)
		if (text->str[i] != '\r' || i + 1 == text->len || text->str[i + 1] != '\n')
			text->str[to++] = text->str[i];
	g_string_truncate(text, to);
	if (to && text->str[to - 1] != '\n')
		g_string_append_c(text, '\n');
}

char *body_finish(GString *text, bool *mended)
{
	char *fit;
	size_t n;

	unite_lines(text);
	fit = g_malloc(3 * text->len + 1);
	n = text_mend(fit, text->str, text->len);
	*mended = *mended || n != text->len || memcmp(fit, text->str, n) != 0;
	g_string_free(text, TRUE);
	return g_realloc(fit, n + 1);
}
