/* SPDX-License-Identifier: MIT */
/* What to serve: calls write the text of a config, and all is read by the same rows. */
#include "server/server.h"

#include "config/config.h"
#include "handlers/loader.h"
#include "models/models.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int text_add(struct text *t, const char *format, ...)
{
	va_list args;
	char *more, *all;
	int n;

	va_start(args, format);
	n = vasprintf(&more, format, args);
	va_end(args);
	if (n < 0)
		return -ENOMEM;
	all = realloc(t->at, t->length + (size_t)n + 1);
	if (all) {
		memcpy(all + t->length, more, (size_t)n + 1);
		t->at = all;
		t->length += (size_t)n;
	}
	free(more);
	return all ? 0 : -ENOMEM;
}

static const char *or_none(const char *text)
{
	return text ? text : "";
}

/* ---- Calls -----------------------------------------------------------------------------------*/

/* The text in the quotes of a config, to be freed; NULL: errno tells. */
static char *quote(const char *text)
{
	char *quoted = malloc(2 * strlen(text) + 3), *to = quoted;

	if (!quoted)
		return NULL;
	*to++ = '"';
	for (; *text; text++) {
		if (iscntrl((unsigned char)*text)) {
			free(quoted);
			errno = EINVAL;
			return NULL;
		}
		if (*text == '"' || *text == '\\')
			*to++ = '\\';
		*to++ = *text;
	}
	strcpy(to, "\"");
	return quoted;
}

int modus_server_listen(struct modus_server *s, const char *address)
{
	char *quoted;
	int rc;

	if (s->has_text)
		return -EBUSY;
	quoted = quote(address);
	if (!quoted)
		return -errno;
	rc = text_add(&s->listen, "%s%s", s->listen.at ? ", " : "", quoted);
	free(quoted);
	return rc;
}

static int add_chosen(struct modus_server *s, const char *key, const char *type, const char *rows)
{
	char *quoted;
	int rc;

	if (s->has_text)
		return -EBUSY;
	quoted = quote(type);
	if (!quoted)
		return -errno;
	rc = text_add(&s->inside, "%s = { type = %s; %s };\n", key, quoted, or_none(rows));
	free(quoted);
	return rc;
}

int modus_server_model(struct modus_server *s, const char *type, const char *rows)
{
	return add_chosen(s, "model", type, rows);
}

int modus_server_handler(struct modus_server *s, const char *type, const char *rows)
{
	return add_chosen(s, "handler", type, rows);
}

int modus_server_set(struct modus_server *s, const char *key, const char *value)
{
	struct text *to = &s->inside;

	if (s->has_text)
		return -EBUSY;
	for (const struct modus_setting *row = plan_rows; row->key; row++)
		if (!strcmp(row->key, key))
			to = &s->top;
	return text_add(to, "%s = %s;\n", key, value);
}

int server_wrap(struct modus_server *s, const char *inside)
{
	free(s->written.at);
	s->written = (struct text) { 0 };
	return text_add(&s->written, "%sservices = ( { name = \"%s\"; %s\n} );\n",
			or_none(s->top.at), s->name, inside);
}

/* The addresses share a line with the name; each other call has a line, or as many as it has. */
static int write_all(struct modus_server *s)
{
	struct text inside = { 0 };
	int rc = s->listen.at ? text_add(&inside, "listen = [ %s ];", s->listen.at) : 0;

	if (rc == 0)
		rc = text_add(&inside, "\n%s", or_none(s->inside.at));
	if (rc == 0)
		rc = server_wrap(s, inside.at);
	free(inside.at);
	return rc;
}

const char *modus_server_text(const struct modus_server *s)
{
	struct modus_server *own =
		(struct modus_server *)(uintptr_t)s; /* which keeps what it shows */

	if (!s->has_text && write_all(own))
		return "";
	return or_none(s->written.at);
}

/* ---- Reading ---------------------------------------------------------------------------------*/

static void report(void *arg, const char *sentence)
{
	struct modus_server *s = arg;
	size_t used = strlen(s->why);

	snprintf(s->why + used, sizeof(s->why) - used, "%s%s", used ? "\n" : "", sentence);
}

int server_read(struct modus_server *s, const char *text)
{
	const struct config_sources sources = { .models = models_all,
						.open_plugin = loader_open,
						.linked = s->linked };
	struct plan *plan;

	s->why[0] = '\0';
	if (config_read_plan(s->file, text, &sources, &plan, report, s))
		return -EINVAL;
	if (plan->services.count != 1) {
		snprintf(s->why, sizeof(s->why), "%s:1: services: got %zu services, want one",
			 s->file, plan->services.count);
		config_free(plan);
		return -EINVAL;
	}
	s->plan = plan;
	s->has_text = true;
	return 0;
}

int server_read_calls(struct modus_server *s)
{
	int rc = write_all(s);

	if (rc)
		snprintf(s->why, sizeof(s->why), "out of memory");
	return rc ? rc : server_read(s, s->written.at);
}

const char *modus_server_why(const struct modus_server *s)
{
	return s->why;
}
