/* SPDX-License-Identifier: MIT */
/*
 * What libconfig changes without a word is refused here, from the text, under every version of it:
 * 5000000000 becomes 705032704 (1.5) or another type (1.7); 0xFFFFFFFF becomes -1; 0600 becomes six
 * hundred; "." is a float; "a\x00b" is "a"; a text or a comment that never ends swallows the rest
 * of the file.  @include would read files that nobody has linted.
 *
 * The tokens are libconfig's.  The lines of values are kept as well: libconfig gives a text within
 * a list the line of what comes after it.
 */
#include "config/number.h"
#include "config/reader.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum token { TOKEN_OTHER, TOKEN_WORD, TOKEN_TEXT };
enum { KEY_MAX = 64 };

struct scan {
	struct reader *r;
	struct lint *lint;
	const char *at, *word; /* the last word */
	size_t word_length, room;
	int line;
	enum token last;
	char key[KEY_MAX]; /* the last word before = */
};

static const char *scan_key(const struct scan *s)
{
	return *s->key ? s->key : NULL;
}

static void add_value(struct scan *s, bool refused)
{
	struct lint *l = s->lint;

	if (l->count == s->room) {
		size_t room = s->room ? 2 * s->room : 64;
		struct lint_value *more = reallocarray(l->values, room, sizeof(*more));

		if (!more) {
			reader_no_memory(s->r);
			s->lint->parse = false;
			return;
		}
		l->values = more;
		s->room = room;
	}
	l->values[l->count++] = (struct lint_value) { s->line, refused };
}

/* What libconfig cannot be shown: it would go on in another way than we do. */
static void stop(struct scan *s, const char *key, const char *sentence)
{
	reader_error(s->r, s->line, key, "%s", sentence);
	s->lint->parse = false;
	s->at += strlen(s->at);
}

static void scan_comment(struct scan *s)
{
	const char *end = strstr(s->at + 2, "*/");

	if (!end) {
		stop(s, NULL, "got a comment without an end, want */");
		return;
	}
	for (; s->at < end + 2; s->at++)
		s->line += *s->at == '\n';
}

static bool is_nul_escape(const char *at)
{
	return at[0] == '\\' && at[1] == 'x' && at[2] == '0' && at[3] == '0';
}

static void scan_text(struct scan *s)
{
	const char *at = s->at + 1;
	bool nul = false;

	for (; *at && *at != '"' && *at != '\n'; at++) {
		nul |= is_nul_escape(at);
		if (*at == '\\' && at[1] && at[1] != '\n')
			at++;
	}
	if (*at != '"') {
		stop(s, scan_key(s), "got a text that does not end on its line, want a closing \"");
		return;
	}
	if (nul)
		reader_error(s->r, s->line, scan_key(s), "got a text with \\x00, want none in it");
	if (s->last != TOKEN_TEXT) /* texts side by side are one */
		add_value(s, nul);
	s->last = TOKEN_TEXT;
	s->at = at + 1;
}

/* A word is a value (true, false) until = makes it a key. */
static void scan_word(struct scan *s)
{
	s->word = s->at;
	while (isalnum((unsigned char)*s->at) || (*s->at && strchr("-_*", *s->at)))
		s->at++;
	s->word_length = (size_t)(s->at - s->word);
	add_value(s, false);
	s->last = TOKEN_WORD;
}

static void scan_assignment(struct scan *s)
{
	if (s->last == TOKEN_WORD) {
		size_t n = s->word_length < KEY_MAX ? s->word_length : KEY_MAX - 1;

		if (s->lint->count)
			s->lint->count--;
		memcpy(s->key, s->word, n);
		s->key[n] = '\0';
	}
	s->last = TOKEN_OTHER;
	s->at++;
}

/* A maximal run of what may be in a number, so that 64K and 10.0.0.1 are one thing. */
static void scan_number(struct scan *s)
{
	const char *start = s->at++;
	enum number_verdict verdict;

	while (isalnum((unsigned char)*s->at) || *s->at == '_' || *s->at == '.' ||
	       ((*s->at == '+' || *s->at == '-') && tolower((unsigned char)s->at[-1]) == 'e' &&
		!number_is_hex(start)))
		s->at++;
	verdict = number_check(s->r, s->line, scan_key(s), start, (size_t)(s->at - start));
	s->lint->parse &= verdict != NUMBER_WRONG; /* a syntax error, and now a clear one */
	add_value(s, verdict != NUMBER_FINE);
	s->last = TOKEN_OTHER;
}

static void scan_other(struct scan *s)
{
	if (*s->at == '@') {
		stop(s, NULL, "got @include, want the whole config in one file");
		return;
	}
	if ((unsigned char)*s->at >= 0x80) {
		reader_error(s->r, s->line, scan_key(s),
			     "got the byte 0x%02x outside of a text, want plain ASCII there",
			     (unsigned char)*s->at);
		while ((unsigned char)*s->at >= 0x80)
			s->at++;
		s->lint->parse = false;
		return;
	}
	s->last = TOKEN_OTHER;
	s->at++;
}

void lint_text(struct reader *r, const char *text, struct lint *l)
{
	struct scan s = { .r = r, .lint = l, .at = text, .line = 1 };

	*l = (struct lint) { .parse = true };
	while (*s.at) {
		if (isspace((unsigned char)*s.at))
			s.line += *s.at++ == '\n';
		else if (*s.at == '#' || (s.at[0] == '/' && s.at[1] == '/'))
			s.at += strcspn(s.at, "\n");
		else if (s.at[0] == '/' && s.at[1] == '*')
			scan_comment(&s);
		else if (*s.at == '"')
			scan_text(&s);
		else if (isalpha((unsigned char)*s.at) || *s.at == '*')
			scan_word(&s);
		else if (*s.at == '=' || *s.at == ':')
			scan_assignment(&s);
		else if (isdigit((unsigned char)*s.at) || strchr("+-.", *s.at))
			scan_number(&s);
		else
			scan_other(&s);
	}
}
