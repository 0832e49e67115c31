/* SPDX-License-Identifier: MIT */
#include "config/reader.h"
#include "core/settings.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SENTENCE_MAX = 2048 };

struct sentence {
	int line;
	size_t turn;
	char *text; /* NULL: there was no memory for it */
};

static void note(struct reader *r, int line, const char *text)
{
	r->errors++;
	if (r->noted == r->room) {
		size_t room = r->room ? 2 * r->room : 16;
		struct sentence *more = reallocarray(r->sentences, room, sizeof(*more));

		if (!more) {
			r->report(r->arg, text);
			return;
		}
		r->sentences = more;
		r->room = room;
	}
	r->sentences[r->noted] = (struct sentence) { line, r->noted, strdup(text) };
	r->noted++;
}

void reader_error(struct reader *r, int line, const char *key, const char *format, ...)
{
	char sentence[SENTENCE_MAX];
	va_list ap;
	int n;

	n = snprintf(sentence, sizeof(sentence), "%.1024s:%d: %.256s%s", r->file, line,
		     key ? key : "", key ? ": " : "");
	va_start(ap, format);
	vsnprintf(sentence + n, sizeof(sentence) - (size_t)n, format, ap);
	va_end(ap);
	note(r, line, sentence);
}

void reader_no_memory(struct reader *r)
{
	note(r, INT_MAX, "out of memory");
}

static int by_line(const void *a, const void *b)
{
	const struct sentence *x = a, *y = b;

	return x->line != y->line ? (x->line > y->line) - (x->line < y->line)
				  : (x->turn > y->turn) - (x->turn < y->turn);
}

int reader_tell(struct reader *r)
{
	if (!r->errors)
		return 0;
	if (r->noted)
		qsort(r->sentences, r->noted, sizeof(*r->sentences), by_line);
	for (size_t i = 0; i < r->noted; i++) {
		r->report(r->arg, r->sentences[i].text ? r->sentences[i].text : "out of memory");
		free(r->sentences[i].text);
	}
	free(r->sentences);
	r->sentences = NULL;
	r->errors = 0;
	r->noted = r->room = 0;
	return -EINVAL;
}

/* Quotes what fits, without what a terminal or a log line could take amiss. */
const char *reader_quote(const char *text, char got[GOT_MAX])
{
	size_t n = strnlen(text, GOT_MAX), keep = n < GOT_MAX - 2 ? n : GOT_MAX - 6;

	got[0] = '"';
	memcpy(got + 1, text, keep);
	memcpy(got + 1 + keep, keep < n ? "...\"" : "\"", keep < n ? 5 : 2);
	for (char *c = got; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	return got;
}

static const char *got_float(double v, char got[GOT_MAX])
{
	snprintf(got, GOT_MAX - 2, "%.15g", v);
	if (!got[strcspn(got, ".en")])
		strcat(got, ".0");
	return got;
}

const char *reader_got(const config_setting_t *s, char got[GOT_MAX])
{
	switch (config_setting_type(s)) {
	case CONFIG_TYPE_INT:
		snprintf(got, GOT_MAX, "%d", config_setting_get_int(s));
		return got;
	case CONFIG_TYPE_INT64:
		snprintf(got, GOT_MAX, "%lldL", config_setting_get_int64(s));
		return got;
	case CONFIG_TYPE_FLOAT:
		return got_float(config_setting_get_float(s), got);
	case CONFIG_TYPE_BOOL:
		return config_setting_get_bool(s) ? "true" : "false";
	case CONFIG_TYPE_STRING:
		return reader_quote(config_setting_get_string(s), got);
	case CONFIG_TYPE_GROUP:
		return "a group { ... }";
	case CONFIG_TYPE_ARRAY:
		return "an array [ ... ]";
	default:
		return "a list ( ... )";
	}
}

const char *reader_hint(const struct settings_nearest *n, char hint[HINT_MAX])
{
	if (!n->name)
		return "";
	snprintf(hint, HINT_MAX, "; did you mean \"%.*s\"?", (int)n->length, n->name);
	return hint;
}
