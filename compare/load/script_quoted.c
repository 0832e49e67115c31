/* SPDX-License-Identifier: MIT */
/* Reads what stands in quotes in a script. */
#include "compare/load/script_parser.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	enum script_part_type type;
} known[] = { { "id", PART_ID }, { "n", PART_N }, { "run", PART_RUN }, { "rand", PART_RANDOM } };
enum { KNOWN = sizeof(known) / sizeof(*known) };

static struct script_part *add_part(struct script_parser *p, enum script_part_type type)
{
	struct script *s = p->script;
	char most[32];

	if (s->part_count == SCRIPT_PARTS) {
		snprintf(most, sizeof(most), "at most %d", SCRIPT_PARTS);
		parser_refuse(p, "pieces of text and values in all", "one more", most);
		return NULL;
	}
	s->parts[s->part_count] = (struct script_part) { .type = type };
	return &s->parts[s->part_count++];
}

/* Bytes that follow each other are one part. */
static int add_byte(struct script_parser *p, const struct script_text *t, char byte)
{
	struct script *s = p->script;
	struct script_part *last = s->part_count > t->first ? &s->parts[s->part_count - 1] : NULL;

	if (!last || last->type != PART_BYTES) {
		last = add_part(p, PART_BYTES);
		if (!last)
			return -EINVAL;
		last->from = (int32_t)p->pooled;
	}
	s->pool[p->pooled++] = byte;
	last->size++;
	return 0;
}

static int find_value(const struct script *s, const char *name)
{
	for (unsigned i = 0; i < s->value_count; i++)
		if (!strcmp(s->values[i], name))
			return (int)i;
	return -1;
}

static int find_known(const char *name)
{
	for (int i = 0; i < KNOWN; i++)
		if (!strcmp(known[i].name, name))
			return i;
	return -1;
}

static int unknown_value(const struct script_parser *p, const char *name)
{
	char got[SCRIPT_NAME + 2];

	snprintf(got, sizeof(got), "$%s", name);
	return parser_refuse(p, "value", got,
			     "$id, $n, $run, $rand(LOW,HIGH), or {NAME} in an expect before");
}

/* ---- What begins with $ ---- */

static int random_bound(struct script_parser *p)
{
	struct script_part *part = add_part(p, PART_NUMBER);
	char name[SCRIPT_NAME + 1];

	if (!part)
		return -EINVAL;
	if (*p->at != '$')
		return parser_number(p, "$rand", -INT64_C(1000000000000), INT64_C(1000000000000),
				     &part->number);
	p->at++;
	if (!parser_name(p, "$rand", name))
		return -EINVAL;
	part->type = PART_VALUE;
	part->from = find_value(p->script, name);
	return part->from < 0 ? unknown_value(p, name) : 0;
}

static int random_bounds(struct script_parser *p)
{
	static const char marks[] = "(,)";
	const struct script_part *bounds = &p->script->parts[p->script->part_count];
	int err = 0;

	for (int i = 0; !err; i++) {
		if (*p->at != marks[i])
			return parser_wrong(p, "$rand", "(LOW,HIGH)");
		p->at++;
		if (i == 2)
			break;
		err = random_bound(p);
	}
	if (!err && bounds[0].type == PART_NUMBER && bounds[1].type == PART_NUMBER &&
	    bounds[0].number > bounds[1].number)
		return parser_refuse(p, "$rand", "more for LOW than for HIGH", "(LOW,HIGH)");
	return err;
}

static int read_value(struct script_parser *p)
{
	struct script_part *part;
	char name[SCRIPT_NAME + 1];
	int which, value;

	p->at++;
	if (!parser_name(p, "value", name))
		return -EINVAL;
	which = find_known(name);
	value = find_value(p->script, name);
	if (which < 0 && value < 0)
		return unknown_value(p, name);
	part = add_part(p, which < 0 ? PART_VALUE : known[which].type);
	if (!part)
		return -EINVAL;
	part->from = value;
	return part->type == PART_RANDOM ? random_bounds(p) : 0;
}

/* ---- What only patterns have ---- */

static int new_value(struct script_parser *p, const char *name)
{
	struct script *s = p->script;

	if (find_known(name) >= 0)
		return parser_refuse(p, "value", name, "a name that has no meaning yet");
	if (s->value_count == SCRIPT_VALUES)
		return parser_refuse(p, "values", "one more", "at most 16 names");
	snprintf(s->values[s->value_count], sizeof(s->values[0]), "%s", name);
	return (int)s->value_count++;
}

static int read_word(struct script_parser *p)
{
	struct script_part *part = add_part(p, PART_WORD);
	char name[SCRIPT_NAME + 1] = "_";

	if (!part)
		return -EINVAL;
	p->at++;
	if (*p->at == '_')
		p->at++;
	else if (!parser_name(p, "{", name))
		return -EINVAL;
	if (*p->at != '}')
		return parser_wrong(p, "{", "}");
	p->at++;
	part->from = -1;
	if (!strcmp(name, "_"))
		return 0;
	part->from = find_value(p->script, name);
	if (part->from < 0)
		part->from = new_value(p, name);
	return part->from < 0 ? -EINVAL : 0;
}

static int read_rest(struct script_parser *p)
{
	p->at++;
	if (*p->at != '"')
		return parser_wrong(p, "after *", "the end of the pattern");
	return add_part(p, PART_REST) ? 0 : -EINVAL;
}

/* ---- All of it ---- */

/* \xHH, for what is no text. */
static int read_hex(struct script_parser *p, const struct script_text *t)
{
	char digits[3] = "";

	if (!isxdigit((unsigned char)p->at[2]) || !isxdigit((unsigned char)p->at[3]))
		return parser_wrong(p, "escape", "\\x and two hexadecimal digits");
	memcpy(digits, p->at + 2, 2);
	p->at += 4;
	return add_byte(p, t, (char)strtoul(digits, NULL, 16));
}

static int read_escape(struct script_parser *p, const struct script_text *t)
{
	static const char letters[] = "rnt\\\"$*{", bytes[] = "\r\n\t\\\"$*{";
	const char *which = p->at[1] ? strchr(letters, p->at[1]) : NULL;

	if (p->at[1] == 'x')
		return read_hex(p, t);
	if (!which)
		return parser_wrong(p, "escape", "\\r \\n \\t \\\\ \\\" \\$ \\* \\{ or \\xHH");
	p->at += 2;
	return add_byte(p, t, bytes[which - letters]);
}

static int read_piece(struct script_parser *p, enum script_quoted kind, struct script_text *t)
{
	char byte = *p->at;

	if (byte == '\\')
		return read_escape(p, t);
	if (byte == '$')
		return read_value(p);
	if (byte == '{' && kind == QUOTED_PATTERN)
		return read_word(p);
	if (byte == '*' && kind != QUOTED_TEXT)
		return read_rest(p);
	p->at++;
	return add_byte(p, t, byte);
}

static size_t longest(const struct script *s, const struct script_text *t)
{
	size_t n = 0;

	for (unsigned i = t->first; i < t->first + t->count; i++) {
		const struct script_part *part = &s->parts[i];

		n += part->type == PART_BYTES   ? part->size
		     : part->type == PART_VALUE ? SCRIPT_WORD
						: 20;
	}
	return n;
}

int parser_quoted(struct script_parser *p, enum script_quoted kind, struct script_text *t)
{
	struct script *s = p->script;
	int err = 0;

	t->first = s->part_count;
	if (*p->at != '"')
		return parser_wrong(p, "text", "it in quotes");
	p->at++;
	while (!err && *p->at != '"') {
		if (!*p->at || *p->at == '\n')
			return parser_wrong(p, "text", "a quote at its end");
		err = read_piece(p, kind, t);
	}
	if (err)
		return err;
	t->count = s->part_count - t->first;
	if (!t->count)
		return parser_refuse(p, "text", "nothing", "one that is not empty");
	p->at++;
	if (longest(s, t) > SCRIPT_TEXT)
		return parser_refuse(p, "text", "a longer one", "at most 16384 bytes");
	if (kind == QUOTED_TEXT && longest(s, t) > s->text_max)
		s->text_max = (unsigned)longest(s, t);
	return 0;
}
