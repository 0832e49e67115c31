/* SPDX-License-Identifier: MIT */
#include "variants.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { WORDS_MAX = 16, SUBTAG_MAX = 8 };

/* What an extension is; EITHER: a type or a language, as "es" and "pl" may be. */
enum kind { UNKNOWN, ENCODING, CHARSET, TYPE, LANGUAGE, EITHER, KINDS };

struct word {
	const char *text;
	size_t n;
	enum kind kind;
	bool wanted; /* the request has it, too */
};

struct words {
	size_t base, count;
	struct word at[WORDS_MAX];
};

struct pair {
	const char *extension, *value;
};

static const struct pair encodings[] = { { "br", "br" }, { "gz", "gzip" }, { NULL, NULL } };

static const struct pair charsets[] = {
	{ "utf8", "utf-8" },
	{ "utf-8", "utf-8" },
	{ "ascii", "us-ascii" },
	{ "us-ascii", "us-ascii" },
	{ "latin1", "iso-8859-1" },
	{ "latin2", "iso-8859-2" },
	{ "latin9", "iso-8859-15" },
	{ "iso8859-1", "iso-8859-1" },
	{ "iso8859-2", "iso-8859-2" },
	{ "iso8859-5", "iso-8859-5" },
	{ "iso8859-7", "iso-8859-7" },
	{ "iso8859-9", "iso-8859-9" },
	{ "iso8859-15", "iso-8859-15" },
	{ "iso-8859-1", "iso-8859-1" },
	{ "iso-8859-2", "iso-8859-2" },
	{ "iso-8859-15", "iso-8859-15" },
	{ "cp1251", "windows-1251" },
	{ "cp1252", "windows-1252" },
	{ "koi8-r", "koi8-r" },
	{ "koi8-u", "koi8-u" },
	{ "sjis", "shift_jis" },
	{ "euc-jp", "euc-jp" },
	{ "euc-kr", "euc-kr" },
	{ "big5", "big5" },
	{ "gb2312", "gb2312" },
	{ NULL, NULL },
};

/* Usual parts of names that are no languages, though they look like some. */
static const char *const not_languages[] = {
	"bak", "dev", "js",  "lib", "map", "md", "min", "new",
	"old", "src", "tar", "tmp", "ts",  "xz", "zst", NULL,
};

static bool is(const struct word *w, const char *text)
{
	return !strncasecmp(w->text, text, w->n) && !text[w->n];
}

static const char *find(const struct pair *in, const struct word *w)
{
	for (; in->extension; in++)
		if (is(w, in->extension))
			return in->value;
	return NULL;
}

static size_t letters(const char *text, size_t n, int (*class)(int))
{
	size_t i = 0;

	while (i < n && (unsigned char)text[i] < 0x80 && class((unsigned char)text[i]))
		i++;
	return i;
}

static bool is_language(const struct word *w)
{
	size_t at = letters(w->text, w->n, isalpha), n;

	if (at < 2 || at > 3 || w->n >= VARIANT_LANGUAGE)
		return false;
	for (const char *const *usual = not_languages; *usual; usual++)
		if (is(w, *usual))
			return false;
	for (; at < w->n; at += 1 + n) {
		n = letters(w->text + at + 1, w->n - at - 1, isalnum);
		if (w->text[at] != '-' || n == 0 || n > SUBTAG_MAX)
			return false;
	}
	return true;
}

/* Three letters that are a known type are that, not a language. */
static enum kind kind_of(const struct types *t, const struct word *w)
{
	bool type, language;

	if (w->n == 0)
		return UNKNOWN;
	if (find(encodings, w))
		return ENCODING;
	if (find(charsets, w))
		return CHARSET;
	type = types_find(t, w->text, w->n) != NULL;
	language = is_language(w) && !(type && w->n == 3);
	if (type)
		return language ? EITHER : TYPE;
	return language ? LANGUAGE : UNKNOWN;
}

/* false: there are more extensions than any name should have. */
static bool split(const char *name, struct words *out)
{
	size_t n;

	out->base = strcspn(name, ".");
	out->count = 0;
	for (name += out->base; *name; name += n) {
		n = strcspn(++name, ".");
		if (out->count == WORDS_MAX)
			return false;
		out->at[out->count++] = (struct word) { name, n, UNKNOWN, false };
	}
	return true;
}

/* What may be either is a language where there is a type; else the last of these is the type. */
static void settle(struct words *w)
{
	bool typed = false;

	for (size_t i = 0; i < w->count; i++)
		typed = typed || w->at[i].kind == TYPE;
	for (size_t i = w->count; i-- > 0;) {
		if (w->at[i].kind != EITHER)
			continue;
		w->at[i].kind = typed ? LANGUAGE : TYPE;
		typed = true;
	}
}

static void classify(const struct types *t, struct words *w, size_t from)
{
	for (size_t i = from; i < w->count; i++)
		w->at[i].kind = kind_of(t, &w->at[i]);
	settle(w);
}

static void take(const struct types *t, const struct word *w, struct traits *out)
{
	switch (w->kind) {
	case ENCODING:
		out->encoding = find(encodings, w);
		break;
	case CHARSET:
		out->charset = find(charsets, w);
		break;
	case TYPE:
		out->type = types_find(t, w->text, w->n);
		break;
	case LANGUAGE:
		memcpy(out->language, w->text, w->n);
		out->language[w->n] = '\0';
		break;
	default:
		break;
	}
}

/* From where on all extensions are known, each kind once. */
static size_t known_from(const struct types *t, const struct words *w)
{
	size_t from = w->count, seen[KINDS] = { 0 };
	enum kind kind;

	while (from > 0) {
		kind = kind_of(t, &w->at[from - 1]);
		if (kind == UNKNOWN || kind == ENCODING || seen[kind]++)
			break;
		from--;
	}
	return from;
}

void variants_exact(const struct types *t, const char *name, struct traits *out)
{
	struct words w;
	size_t from;

	memset(out, 0, sizeof(*out));
	if (!split(name, &w) || w.count == 0)
		return;
	if (kind_of(t, &w.at[w.count - 1]) == ENCODING) {
		out->type = types_find(t, w.at[w.count - 1].text, w.at[w.count - 1].n);
		return;
	}
	from = known_from(t, &w);
	memmove(w.at, w.at + from, (w.count - from) * sizeof(*w.at));
	w.count -= from;
	classify(t, &w, 0);
	for (size_t i = 0; i < w.count; i++)
		take(t, &w.at[i], out);
	if (!out->type)
		memset(out, 0, sizeof(*out));
}

/* Marks in w what wanted has, in its order; false: something is missing. */
static bool match(const struct words *wanted, struct words *w)
{
	size_t i = 0;

	for (size_t at = 0; at < w->count && i < wanted->count; at++) {
		if (w->at[at].n != wanted->at[i].n ||
		    memcmp(w->at[at].text, wanted->at[i].text, w->at[at].n) != 0)
			continue;
		w->at[at].wanted = true;
		i++;
	}
	return i == wanted->count;
}

bool variants_read(const struct types *t, const char *wanted, const char *name, struct traits *out)
{
	struct words want, w;
	const struct word *of_kind[KINDS] = { NULL }, *last;

	memset(out, 0, sizeof(*out));
	if (!split(wanted, &want) || !split(name, &w) || want.base != w.base ||
	    memcmp(wanted, name, w.base) != 0 || !match(&want, &w))
		return false;
	classify(t, &w, 0);
	for (size_t i = 0; i < w.count; i++) {
		if (w.at[i].kind == UNKNOWN && !w.at[i].wanted)
			return false;
		last = of_kind[w.at[i].kind];
		if (w.at[i].kind != UNKNOWN && last && !(last->wanted && w.at[i].wanted))
			return false;
		of_kind[w.at[i].kind] = &w.at[i];
		take(t, &w.at[i], out);
	}
	return true;
}

bool variants_possible(const char *wanted)
{
	struct words w;

	if (*wanted == '.' || !split(wanted, &w))
		return false;
	for (size_t i = 0; i < w.count; i++)
		if (w.at[i].n == 0)
			return false;
	return w.count == 0 || !find(encodings, &w.at[w.count - 1]);
}

void variants_decoded(const char *name, char *out)
{
	struct words w;
	size_t n;

	if (!split(name, &w)) {
		strcpy(out, name);
		return;
	}
	memcpy(out, name, w.base);
	n = w.base;
	for (size_t i = 0; i < w.count; i++) {
		if (find(encodings, &w.at[i]))
			continue;
		out[n++] = '.';
		memcpy(out + n, w.at[i].text, w.at[i].n);
		n += w.at[i].n;
	}
	out[n] = '\0';
}
