/* SPDX-License-Identifier: MIT */
#include "cli/rivals.h"

#include <string.h>

void rivals_add(struct rivals *r, const struct options *options, const char *text)
{
	char want[128];

	if (r->count == RIVALS_MAX)
		options_refuse(options, "against", text, "at most 8 of them");
	if (rival_read(&r->all[r->count], text, want, sizeof(want)))
		options_refuse(options, "against", text, want);
	r->count++;
}

void rivals_set_pid(struct rivals *r, const struct options *options, const char *text)
{
	struct rival *last = r->count ? &r->all[r->count - 1] : NULL;

	if (!last || last->command)
		options_refuse(options, "against-pid", text, "it after --against tcp://HOST:PORT");
	else
		last->pid = (pid_t)options_number(options, "against-pid", text, 1, 1 << 22);
}

/* Each row has a name of its own. */
static void join(const struct rival *r, const struct options *options, struct comparison_options *o)
{
	if (o->contestant_count == COMPARISON_CONTESTANTS_MAX)
		options_refuse(options, "against", r->name, "fewer of them");
	for (unsigned i = 0; i < o->contestant_count; i++)
		if (!strcmp(o->contestants[i].name, r->name))
			options_refuse(options, "against", r->name,
				       "NAME=... that no other row has");
	o->contestants[o->contestant_count++] = (struct contestant) { .name = r->name, .rival = r };
}

void rivals_join(const struct rivals *r, const struct options *options,
		 struct comparison_options *o)
{
	for (unsigned i = 0; i < r->count; i++)
		join(&r->all[i], options, o);
}
