/* SPDX-License-Identifier: MIT */
#include "compare/load/script_parser.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool ends(const struct script_parser *p)
{
	return !*p->at || *p->at == '\n' || *p->at == '#';
}

static int read_end(struct script_parser *p, const char *what)
{
	parser_blanks(p);
	return ends(p) ? 0 : parser_wrong(p, what, "the end of the line");
}

/* ---- Steps ---- */

static struct script_step *add_step(struct script_parser *p, enum script_step_type type)
{
	struct script *s = p->script;
	char most[32];

	if (s->step_count == SCRIPT_STEPS) {
		snprintf(most, sizeof(most), "at most %d", SCRIPT_STEPS);
		parser_refuse(p, "steps", "one more", most);
		return NULL;
	}
	s->steps[s->step_count] = (struct script_step) { .type = type, .line = p->line };
	return &s->steps[s->step_count++];
}

/* A request is not left before its reply came. */
static int leave_request(struct script_parser *p, const char *what)
{
	if (p->after == AFTER_SAID)
		return parser_refuse(p, what, "it after what was sent", "expect before");
	p->after = AFTER_NOTHING;
	p->request = false;
	return 0;
}

static int read_label(struct script_parser *p, struct script_step *step)
{
	struct script *s = p->script;
	char name[SCRIPT_NAME + 1];

	if (*p->at == '"')
		return 0;
	if (!parser_name(p, "send", name))
		return -EINVAL;
	if (p->once)
		return parser_refuse(p, "send", name, "no label in once, which is not measured");
	parser_blanks(p);
	while (step->number < s->label_count && strcmp(s->labels[step->number], name) != 0)
		step->number++;
	if (step->number == SCRIPT_LABELS)
		return parser_refuse(p, "labels", name, "at most 7 of them");
	if (step->number == s->label_count)
		memcpy(s->labels[s->label_count++], name, sizeof(name));
	return 0;
}

static int read_send(struct script_parser *p)
{
	struct script_step *step;
	int err = leave_request(p, "send");

	step = err ? NULL : add_step(p, STEP_SEND);
	if (!step)
		return -EINVAL;
	p->after = AFTER_SAID;
	p->request = true;
	p->sends |= !p->once;
	err = read_label(p, step);
	return err ? err : parser_quoted(p, QUOTED_TEXT, &step->text);
}

static int read_then(struct script_parser *p)
{
	struct script *s = p->script;
	struct script_step *step;

	if (p->after != AFTER_HEARD || !p->request)
		return parser_refuse(p, "then", "it here", "send and expect before");
	s->steps[s->step_count - 1].last = false;
	step = add_step(p, STEP_THEN);
	p->after = AFTER_SAID;
	return step ? parser_quoted(p, QUOTED_TEXT, &step->text) : -EINVAL;
}

static int read_expect(struct script_parser *p)
{
	struct script *s = p->script;
	struct script_step *step;
	int err;

	if (p->after == AFTER_NOTHING && (!p->once || s->step_count))
		return parser_refuse(p, "expect", "it here", "send before, or once's beginning");
	if (p->after == AFTER_HEARD)
		s->steps[s->step_count - 1].last = false;
	step = add_step(p, STEP_EXPECT);
	if (!step)
		return -EINVAL;
	step->last = p->request;
	p->after = AFTER_HEARD;
	err = parser_quoted(p, QUOTED_PATTERN, &step->text);
	parser_blanks(p);
	if (err || ends(p))
		return err;
	if (strncmp(p->at, "until", 5) != 0)
		return parser_wrong(p, "expect", "until, or the end of the line");
	p->at += 5;
	parser_blanks(p);
	return parser_quoted(p, QUOTED_END, &step->until);
}

static int read_pause(struct script_parser *p)
{
	struct script_step *step;
	int64_t n;
	int err = leave_request(p, "pause");
	int64_t unit = 1;

	err = err ? err : parser_number(p, "pause", 1, 60000, &n);
	if (err)
		return err;
	if (*p->at == 's')
		unit = 1000;
	else if (strncmp(p->at, "ms", 2) != 0)
		return parser_wrong(p, "pause", "ms or s after the number");
	p->at += unit == 1 ? 2 : 1;
	if (n * unit > 60000)
		return parser_refuse(p, "pause", "more", "at most 60s");
	step = add_step(p, STEP_PAUSE);
	if (!step)
		return -EINVAL;
	step->number = (uint32_t)(n * unit);
	p->script->pauses = true;
	return 0;
}

/* ---- Blocks ---- */

static int open_block(struct script_parser *p, const char *what)
{
	parser_blanks(p);
	if (*p->at != '{')
		return parser_wrong(p, what, "{");
	p->at++;
	if (p->depth == SCRIPT_DEPTH)
		return parser_refuse(p, what, "one more block", "at most 8 within each other");
	p->opened[p->depth] = p->line;
	p->blocks[p->depth++] = p->script->step_count;
	return leave_request(p, what);
}

static int read_repeat(struct script_parser *p)
{
	struct script_step *step;
	int64_t n;
	int err = leave_request(p, "repeat");

	err = err ? err : parser_number(p, "repeat", 1, 1000000, &n);
	step = err ? NULL : add_step(p, STEP_REPEAT);
	if (!step)
		return -EINVAL;
	step->number = (uint32_t)n;
	return open_block(p, "repeat");
}

static int read_once(struct script_parser *p)
{
	if (p->script->step_count || p->depth)
		return parser_refuse(p, "once", "it here", "it before all else");
	p->once = true;
	return open_block(p, "once");
}

static int close_block(struct script_parser *p)
{
	struct script *s = p->script;
	struct script_step *step;

	if (!p->depth)
		return parser_refuse(p, "}", "it here", "a block that it ends");
	if (p->blocks[p->depth - 1] == s->step_count)
		return parser_refuse(p, "}", "an empty block", "a step in it");
	if (leave_request(p, "}"))
		return -EINVAL;
	p->depth--;
	if (p->once && !p->depth) {
		p->once = false;
		s->once = s->step_count;
		return 0;
	}
	step = add_step(p, STEP_END);
	if (!step)
		return -EINVAL;
	step->other = p->blocks[p->depth];
	return 0;
}

/* ---- All of it ---- */

static const struct {
	const char *word;
	int (*read)(struct script_parser *p);
} statements[] = {
	{ "send", read_send },   { "then", read_then },     { "expect", read_expect },
	{ "pause", read_pause }, { "repeat", read_repeat }, { "once", read_once },
	{ "}", close_block },
};

static int read_line(struct script_parser *p)
{
	parser_blanks(p);
	if (ends(p))
		return 0;
	for (size_t i = 0; i < sizeof(statements) / sizeof(*statements); i++) {
		const char *word = statements[i].word;
		size_t n = strlen(word);
		int err;

		if (strncmp(p->at, word, n) != 0 || isalnum((unsigned char)p->at[n]))
			continue;
		p->at += n;
		parser_blanks(p);
		err = statements[i].read(p);
		return err ? err : read_end(p, word);
	}
	return parser_wrong(p, "step", "send, then, expect, pause, repeat, once or }");
}

static int read_all(struct script_parser *p)
{
	for (;;) {
		int err = read_line(p);

		if (err)
			return err;
		p->at = strchrnul(p->at, '\n');
		if (!*p->at)
			break;
		p->at++;
		p->line++;
	}
	if (p->depth) {
		p->line = p->opened[p->depth - 1];
		return parser_refuse(p, "block", "the end of the file", "}");
	}
	if (leave_request(p, "the end"))
		return -EINVAL;
	if (!p->sends)
		return parser_refuse(p, "script", "no request outside once", "send and expect");
	return 0;
}

int script_parse(struct script *s, const char *name, const char *text, char *why, size_t size)
{
	struct script_parser p = { .script = s, .at = text, .line = 1, .why = why, .size = size };

	memset(s, 0, sizeof(*s));
	snprintf(s->name, sizeof(s->name), "%s", name);
	s->label_count = 1;
	s->pool = malloc(strlen(text) + 1);
	if (!s->pool) {
		snprintf(why, size, "%s: out of memory", name);
		return -ENOMEM;
	}
	return read_all(&p);
}

int script_read(struct script *s, const char *path, char *why, size_t size)
{
	char *text = malloc(SCRIPT_FILE_MAX + 1);
	FILE *f = text ? fopen(path, "re") : NULL;
	size_t n = f ? fread(text, 1, SCRIPT_FILE_MAX + 1, f) : 0;
	int err = !text ? -ENOMEM : !f || ferror(f) ? -errno : 0;

	memset(s, 0, sizeof(*s));
	if (f)
		fclose(f);
	if (err) {
		snprintf(why, size, "%s: cannot be read: %s", path, strerror(-err));
	} else if (n > SCRIPT_FILE_MAX || memchr(text, '\0', n)) {
		err = -EINVAL;
		snprintf(why, size, "%s: got %s, want a text of at most %d bytes", path,
			 n > SCRIPT_FILE_MAX ? "more" : "a zero byte", SCRIPT_FILE_MAX);
	} else {
		text[n] = '\0';
		err = script_parse(s, path, text, why, size);
	}
	free(text);
	return err;
}

void script_free(struct script *s)
{
	free(s->pool);
	s->pool = NULL;
}
