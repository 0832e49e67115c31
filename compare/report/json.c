/* SPDX-License-Identifier: MIT */
#include "compare/report/json.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* How many bytes of s are one character in UTF-8 (no longer form of it, no half of a pair of
 * UTF-16, nothing beyond Unicode), or 0. */
static unsigned utf8_length(const unsigned char *s)
{
	static const struct {
		unsigned char mask, mark;
		unsigned least;
	} forms[] = {
		{ 0x80, 0, 0 }, { 0xe0, 0xc0, 0x80 }, { 0xf0, 0xe0, 0x800 }, { 0xf8, 0xf0, 0x10000 }
	};

	for (unsigned n = 0; n < 4; n++) {
		unsigned code = s[0] & (unsigned char)~forms[n].mask;

		if ((s[0] & forms[n].mask) != forms[n].mark)
			continue;
		for (unsigned i = 1; i <= n; i++) {
			if ((s[i] & 0xc0) != 0x80)
				return 0;
			code = code << 6 | (s[i] & 0x3f);
		}
		if (code < forms[n].least || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
			return 0;
		return n + 1;
	}
	return 0;
}

void json_string(FILE *f, const char *s)
{
	unsigned n;

	putc('"', f);
	for (; *s; s += n ? n : 1) {
		n = utf8_length((const unsigned char *)s);
		if (!n)
			fputs("\\ufffd", f);
		else if (*s == '"' || *s == '\\')
			fprintf(f, "\\%c", *s);
		else if (n == 1 && ((unsigned char)*s < ' ' || *s == '<' || *s == 0x7f))
			fprintf(f, "\\u%04x", (unsigned char)*s);
		else
			fwrite(s, 1, n, f);
	}
	putc('"', f);
}

static void line(struct json *j)
{
	fprintf(j->f, "\n%*s", (int)j->depth, "");
}

/* All that stands before a value. */
static void begin(struct json *j, const char *name)
{
	assert(j->depth ? (j->close[j->depth] == '}') == (name != NULL) : !name && !j->filled[0]);
	if (j->filled[j->depth])
		fputs(j->depth <= j->lines ? "," : ", ", j->f);
	if (j->depth && j->depth <= j->lines)
		line(j);
	j->filled[j->depth] = true;
	if (name) {
		json_string(j->f, name);
		fputs(": ", j->f);
	}
}

static void begin_container(struct json *j, const char *name, char mark, char close)
{
	begin(j, name);
	putc(mark, j->f);
	assert(j->depth < JSON_DEPTH);
	j->depth++;
	j->filled[j->depth] = false;
	j->close[j->depth] = close;
}

void json_begin(struct json *j, FILE *f, unsigned lines)
{
	*j = (struct json) { .f = f, .lines = lines };
}

void json_object(struct json *j, const char *name)
{
	begin_container(j, name, '{', '}');
}

void json_array(struct json *j, const char *name)
{
	begin_container(j, name, '[', ']');
}

void json_end(struct json *j)
{
	char close;
	bool spread;

	assert(j->depth);
	close = j->close[j->depth];
	spread = j->filled[j->depth] && j->depth <= j->lines;
	j->depth--;
	if (spread)
		line(j);
	putc(close, j->f);
	if (!j->depth)
		putc('\n', j->f);
}

void json_text(struct json *j, const char *name, const char *s)
{
	begin(j, name);
	if (s)
		json_string(j->f, s);
	else
		fputs("null", j->f);
}

/* The locale may have a comma where JSON has a point. */
void json_number(struct json *j, const char *name, double x)
{
	char digits[32], *comma;

	begin(j, name);
	snprintf(digits, sizeof(digits), "%.9g", x);
	comma = strchr(digits, ',');
	if (comma)
		*comma = '.';
	fputs(isfinite(x) ? digits : "null", j->f);
}

void json_count(struct json *j, const char *name, uint64_t n)
{
	begin(j, name);
	fprintf(j->f, "%llu", (unsigned long long)n);
}

void json_bool(struct json *j, const char *name, bool b)
{
	begin(j, name);
	fputs(b ? "true" : "false", j->f);
}
