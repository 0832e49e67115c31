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

void exchange_choose(const struct options *o, struct exchange_command *c, struct load_options *l)
{
	if (c->send || c->reply)
		choose_bytes(o, c, l);
	else if (c->script_file)
		choose_script(o, c, l);
}

void exchange_free(struct exchange_command *c)
{
	script_free(&c->script);
	bytes_free(&c->bytes);
}
