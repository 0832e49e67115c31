/* SPDX-License-Identifier: MIT */
#include "message.h"

#include "../store.h"
#include "../text.h"
#include "body.h"
#include "from_line.h"
#include "ids.h"
#include "words.h"

#include <string.h>
#include <time.h>

enum { AUTHOR = 100, DAY = 24 * 60 * 60 };

/* ---- Headers ---- */

static GMimeMessage *parse(const char *data, size_t len)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(data, len);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *mime = g_mime_parser_construct_message(parser, NULL);

	g_object_unref(parser);
	g_object_unref(stream);
	return mime;
}

/* Where the first header begins; the end of the message where there is none. */
static size_t first_field(const char *data, size_t len)
{
	size_t at = 0;

	while (at < len && data[at] != '\n' && data[at] != '\r') {
		const char *end = memchr(data + at, '\n', len - at);

		if (mbox_is_field(data + at, len - at))
			return at;
		at = end ? (size_t)(end - data) + 1 : len;
	}
	return len;
}

/* The header as it stands, or NULL. */
static const char *header(const struct message *m, const char *name)
{
	GMimeHeader *h = NULL;

	if (m->mime)
		h = g_mime_header_list_get_header(
			g_mime_object_get_header_list((GMimeObject *)m->mime), name);
	return h ? g_mime_header_get_raw_value(h) : NULL;
}

void message_open(struct message *m, const struct mbox *in)
{
	const char *id;
	size_t first;

	*m = (struct message) { .data = in->data + in->head, .len = in->len - in->head };
	m->mime = parse(m->data, m->len);
	if (!m->mime) { /* it begins with what is no header */
		first = first_field(m->data, m->len);
		m->mime = first < m->len ? parse(m->data + first, m->len - first) : NULL;
	}
	id = header(m, "Message-ID");
	m->id = id ? ids_one(id) : NULL;
	if (!m->id)
		m->id = ids_made(m->data, m->len);
	m->answers = ids_answered(header(m, "In-Reply-To"), header(m, "References"));
}

void message_close(struct message *m)
{
	if (m->mime)
		g_object_unref(m->mime);
	if (m->answers)
		g_ptr_array_unref(m->answers);
	g_free(m->id);
	g_free(m->subject);
	g_free(m->author);
	g_free(m->body);
	*m = (struct message) { 0 };
}

/* ---- What is shown ---- */

/* One line of the text with single blanks, of at most so many bytes.  The caller frees it. */
static char *line_of(const char *text, size_t most, const char *otherwise, bool *mended)
{
	GString *line = g_string_new(NULL);
	char *fit;

	for (; text && *text; text++)
		if (!strchr(" \t\r\n", *text))
			g_string_append_c(line, *text);
		else if (line->len && line->str[line->len - 1] != ' ')
			g_string_append_c(line, ' ');
	fit = body_finish(line, mended);
	g_strchomp(fit);
	if (strlen(fit) > most) {
		*g_utf8_find_prev_char(fit, fit + most + 1) = '\0';
		g_strchomp(fit);
	}
	if (*fit)
		return fit;
	g_free(fit);
	return g_strdup(otherwise);
}

static char *subject_of(const struct message *m, bool *mended)
{
	const char *raw = header(m, "Subject");
	char *fit = words_mend(raw ? raw : "", mended), *unfolded = g_mime_utils_header_unfold(fit);
	char *text = g_mime_utils_header_decode_text(NULL, unfolded);
	char *subject = line_of(text, STORE_SUBJECT, "(no subject)", mended);

	g_free(text);
	g_free(unfolded);
	g_free(fit);
	return subject;
}

/* The name of who wrote it, else the address; NULL where From has neither.  The caller frees it. */
static char *name_of(const char *from)
{
	InternetAddressList *list = internet_address_list_parse(NULL, from);
	InternetAddress *first = list ? internet_address_list_get_address(list, 0) : NULL;
	const char *name = first ? internet_address_get_name(first) : NULL;
	char *copy;

	if ((!name || !*name) && first && INTERNET_ADDRESS_IS_MAILBOX(first))
		name = internet_address_mailbox_get_addr((InternetAddressMailbox *)first);
	copy = name && *name ? g_strdup(name) : NULL;
	if (list)
		g_object_unref(list);
	return copy;
}

static char *author_of(const struct message *m, const struct mbox *in, bool *mended)
{
	const char *raw = header(m, "From");
	char *from = raw ? words_mend(raw, mended) : NULL, *name = from ? name_of(from) : NULL;
	char sender[AUTHOR + 1], *author;

	from_line_address(in->data, in->head, sender, sizeof(sender));
	author = line_of(name ? name : from ? from : sender, AUTHOR, "-", mended);
	g_free(name);
	g_free(from);
	return author;
}

static int64_t created_of(const struct message *m, const struct mbox *in)
{
	GDateTime *date = m->mime ? g_mime_message_get_date(m->mime) : NULL;
	int64_t now = time(NULL), then = date ? g_date_time_to_unix(date) : 0;

	if (then <= 0 || then > now + DAY)
		then = in->date;
	return then <= 0 || then > now + DAY ? now : then;
}

void message_decode(struct message *m, const struct mbox *in)
{
	GString *text = g_string_new(NULL);
	GMimeObject *part = m->mime ? g_mime_message_get_mime_part(m->mime) : NULL;

	if (m->mime)
		body_append(text, part, &m->mended);
	else
		g_string_append_len(text, m->data, (gssize)m->len);
	m->body = body_finish(text, &m->mended);
	m->subject = subject_of(m, &m->mended);
	m->author = author_of(m, in, &m->mended);
	m->created = created_of(m, in);
}

/* ---- Wholeness ---- */

/* Whether one of the lines is the text, but for blanks at its end. */
static bool has_line(const char *data, size_t len, const char *text)
{
	size_t n = strlen(text);

	for (const char *at = data, *end = data + len; at && at < end;) {
		if ((size_t)(end - at) >= n && !memcmp(at, text, n) &&
		    (at + n == end || strchr(" \t\r\n", at[n])))
			return true;
		at = memchr(at, '\n', (size_t)(end - at));
		at += at != NULL;
	}
	return false;
}

char *message_lacks(const struct message *m)
{
	GMimeObject *part = m->mime ? g_mime_message_get_mime_part(m->mime) : NULL;
	GMimeContentType *type = part ? g_mime_object_get_content_type(part) : NULL;
	const char *boundary = type ? g_mime_content_type_get_parameter(type, "boundary") : NULL;
	char *closing;

	if (!boundary || !g_mime_content_type_is_type(type, "multipart", "*"))
		return NULL;
	closing = g_strdup_printf("--%s--", boundary);
	if (!has_line(m->data, m->len, closing))
		return closing;
	g_free(closing);
	return NULL;
}
