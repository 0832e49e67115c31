/* SPDX-License-Identifier: MIT */
#include "handlers/http/forms/part_head.h"

#include "handlers/http/values/ascii.h"
#include "handlers/http/values/list.h"

#include <errno.h>
#include <string.h>

void part_head_begin(struct part_head *h)
{
	h->part = (struct modus_http_part) { .type = "text/plain" };
	h->lines = h->seen = 0;
	h->len = h->line = 0;
}

const char *part_head_behind(const char *value, const char *word)
{
	size_t n = strlen(word);
	const char *after = value + n;

	if (!http_begins(value, word))
		return NULL;
	after += strspn(after, " \t");
	return *after == '\0' || *after == ';' ? after : NULL;
}

/* What browsers write for it, since a backslash in a file's name is no escape to them. */
static char percent_escape(const char *at)
{
	if (http_begins(at, "%22"))
		return '"';
	if (http_begins(at, "%0d"))
		return '\r';
	return http_begins(at, "%0a") ? '\n' : '\0';
}

/* A parameter's value, in place.  A backslash escapes but quotes and itself, so that the path which
 * some browsers send for a name stays one. */
static char *unescape(char *value, size_t n)
{
	bool quoted = *value == '"';
	const char *at = value + quoted, *end = value + n - quoted;
	char *to = value;

	while (at < end) {
		char c = percent_escape(at);

		if (c) {
			at += 3;
		} else {
			if (quoted && *at == '\\' && (at[1] == '"' || at[1] == '\\'))
				at++;
			c = *at++;
		}
		*to++ = c;
	}
	*to = '\0';
	return value;
}

/* A name that leads nowhere else, whatever it is appended to. */
static char *last_component(char *path)
{
	char *name = path;

	for (char *at = path; *at; at++)
		if (*at == '/' || *at == '\\')
			name = at + 1;
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ? name + strlen(name) : name;
}

static bool is_word(const char *text, const char *word)
{
	return http_same(text, strlen(text), word, strlen(word));
}

static bool is_named(const struct http_parameter *p, const char *name)
{
	return http_same(p->name, p->name_len, name, strlen(name));
}

/* Others than name and filename are passed over, as filename*, which RFC 7578 4.2 forbids. */
static int take_disposition(struct part_head *h, char *value)
{
	const char *at = part_head_behind(value, "form-data"), *end = value + strlen(value);
	struct http_parameter p, name = { 0 }, filename = { 0 };
	int rc;

	if (!at)
		return -EBADMSG;
	while ((rc = http_parameter_next(&at, end, &p)) == 1) {
		struct http_parameter *to = is_named(&p, "name") ? &name : &filename;

		if (to == &filename && !is_named(&p, "filename"))
			continue;
		if (to->value)
			return -EBADMSG;
		*to = p;
	}
	if (rc || !name.value)
		return -EBADMSG;
	h->part.name = unescape(value + (name.value - value), name.value_len);
	if (filename.value)
		h->part.filename = last_component(
			unescape(value + (filename.value - value), filename.value_len));
	return 0;
}

static int take_type(struct part_head *h, char *value)
{
	if (*value)
		h->part.type = value;
	return 0;
}

/* RFC 7578 4.7 has done away with codings that would have to be undone. */
static int take_coding(struct part_head *h, char *value)
{
	bool plain = is_word(value, "binary") || is_word(value, "8bit") || is_word(value, "7bit");

	return plain ? 0 : -EBADMSG;
}

static int take_field(struct part_head *h, const char *name, char *value)
{
	static const struct {
		const char *name;
		int (*take)(struct part_head *h, char *value);
	} fields[] = {
		{ "Content-Disposition", take_disposition },
		{ "Content-Type", take_type },
		{ "Content-Transfer-Encoding", take_coding },
	};

	for (unsigned i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		if (!is_word(name, fields[i].name))
			continue;
		if (h->seen & 1u << i)
			return -EBADMSG;
		h->seen |= 1u << i;
		return fields[i].take(h, value);
	}
	return 0;
}

/* A folded line has a blank where its name should begin. */
static int take_line(struct part_head *h, char *line, size_t n)
{
	char *colon = memchr(line, ':', n), *value, *end = line + n;

	if (!colon || !http_is_token(line, (size_t)(colon - line)))
		return -EBADMSG;
	for (value = colon + 1; value < end; value++)
		if (!http_is_vchar((unsigned char)*value))
			return -EBADMSG;
	*colon = '\0';
	value = colon + 1 + strspn(colon + 1, " \t");
	while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
		*--end = '\0';
	return take_field(h, line, value);
}

int part_head_take(struct part_head *h, char **at, const char *end)
{
	char *lf = memchr(*at, '\n', (size_t)(end - *at)), *line = h->text + h->line;
	size_t n = lf ? (size_t)(lf + 1 - *at) : (size_t)(end - *at);

	if (n > sizeof(h->text) - h->len)
		return -EMSGSIZE;
	memcpy(h->text + h->len, *at, n);
	h->len += n;
	*at += n;
	if (!lf)
		return 0;
	n = h->len - h->line;
	h->line = h->len;
	if (n < 2 || line[n - 2] != '\r')
		return -EBADMSG;
	line[n - 2] = '\0';
	if (n == 2)
		return h->part.name ? 1 : -EBADMSG;
	return ++h->lines > PART_HEAD_LINES ? -EMSGSIZE : take_line(h, line, n - 2);
}
