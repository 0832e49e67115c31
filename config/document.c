/* SPDX-License-Identifier: MIT */
/* A text, linted and parsed.  Each scalar setting's hook is what lint knows of it. */
#include "config/reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t count_scalars(const config_setting_t *s)
{
	size_t count = 0;

	if (!config_setting_is_aggregate(s))
		return 1;
	for (int i = 0; i < config_setting_length(s); i++)
		count += count_scalars(config_setting_get_elem(s, (unsigned)i));
	return count;
}

static struct lint_value *hook_scalars(config_setting_t *s, struct lint_value *next)
{
	if (!config_setting_is_aggregate(s)) {
		config_setting_set_hook(s, next);
		return next + 1;
	}
	for (int i = 0; i < config_setting_length(s); i++)
		next = hook_scalars(config_setting_get_elem(s, (unsigned)i), next);
	return next;
}

/* The line without the blanks around it, cut to what an error quotes. */
static const char *find_line(const char *text, int line, char near[GOT_MAX])
{
	char start[GOT_MAX + 1];
	size_t n;

	while (line-- > 1 && (text = strchr(text, '\n')))
		text++;
	if (!text)
		return NULL;
	text += strspn(text, " \t\r");
	n = strcspn(text, "\n");
	while (n && strchr(" \t\r", text[n - 1]))
		n--;
	if (!n)
		return NULL;
	snprintf(start, sizeof(start), "%.*s", (int)(n < GOT_MAX ? n : GOT_MAX), text);
	return reader_quote(start, near);
}

static void parse_error(struct document *d, struct reader *r, const char *text)
{
	int found = config_error_line(&d->config), line = found;
	const char *what = config_error_text(&d->config), *quoted;
	char near[GOT_MAX];

	while (!(quoted = find_line(text, line, near)) && line > 1)
		line--;
	reader_error(r, line, NULL, "%s, %s %s", what ? what : "error",
		     line == found ? "in or before" : "at the end, after",
		     quoted ? quoted : "nothing");
}

/* libconfig 1.5 knows no comment without a line's end, so one is added. */
static int parse(struct document *d, struct reader *r, const char *text)
{
	char *whole;
	int ok;

	if (asprintf(&whole, "%s\n", text) < 0) {
		reader_no_memory(r);
		return -EINVAL;
	}
	ok = config_read_string(&d->config, whole);
	if (!ok)
		parse_error(d, r, text);
	free(whole);
	return ok ? 0 : -EINVAL;
}

int document_open(struct document *d, struct reader *r, const char *text)
{
	config_init(&d->config);
	lint_text(r, text, &d->lint);
	if (!d->lint.parse || parse(d, r, text))
		return -EINVAL;
	if (count_scalars(config_root_setting(&d->config)) == d->lint.count)
		hook_scalars(config_root_setting(&d->config), d->lint.values);
	return 0;
}

void document_close(struct document *d)
{
	config_destroy(&d->config);
	free(d->lint.values);
}

int document_line(const config_setting_t *s)
{
	const struct lint_value *v = config_setting_get_hook(s);
	int line = v ? v->line : (int)config_setting_source_line(s);

	return line ? line : 1; /* the whole file has no line */
}

bool document_refused(const config_setting_t *s)
{
	const struct lint_value *v = config_setting_get_hook(s);

	return v && v->refused;
}
