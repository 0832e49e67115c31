/* SPDX-License-Identifier: MIT */
#include "cli/exchange.h"

#include <stdio.h>
#include <stdlib.h>

static void check(const struct options *o, int err, const char *why)
{
	if (!err)
		return;
	fprintf(stderr, "%s: %s\n", o->command, why);
	exit(2);
}

static void choose_script(const struct options *o, struct exchange_command *c,
			  struct load_options *l)
{
	char why[512];

	check(o, script_read(&c->script, c->script_file, why, sizeof(why)), why);
	l->script = &c->script;
}

static void choose_bytes(const struct options *o, struct exchange_command *c,
			 struct load_options *l)
{
	char why[512];

	if (c->script_file)
		options_refuse(o, "script", c->script_file, "either it or --send and --reply");
	if (!c->reply)
		options_refuse(o, "send", c->send, "--reply beside it, to know what is right");
	check(o, bytes_read(&c->bytes, c->send, c->reply, why, sizeof(why)), why);
	l->bytes = &c->bytes;
}

static void choose_http(const struct options *o, struct exchange_command *c, struct load_options *l)
{
	char why[512];

	if (c->send || c->reply || c->script_file)
		check(o, 1,
		      "target: got http://, want tcp:// or unix:// beside --send, --reply or "
		      "--script");
	c->wish.target = l->target;
	check(o, http_read(&c->http, &c->wish, why, sizeof(why)), why);
	l->http = &c->http;
	l->target = c->http.address;
}

void exchange_choose(const struct options *o, struct exchange_command *c, struct load_options *l)
{
	const struct http_wish *w = &c->wish;

	if (http_is(l->target))
		choose_http(o, c, l);
	else if (w->body || w->expect_body || w->status || w->any_body)
		check(o, 1,
		      "target: want http:// beside --body, --expect-body, --status or --any-body");
	else if (c->send || c->reply)
		choose_bytes(o, c, l);
	else if (c->script_file)
		choose_script(o, c, l);
}

void exchange_free(struct exchange_command *c)
{
	script_free(&c->script);
	bytes_free(&c->bytes);
	http_free(&c->http);
}
