/* SPDX-License-Identifier: MIT */
#include "cli/scenarios.h"

#include "compare/stage/scenario_find.h"

#include <stdlib.h>
#include <string.h>

enum { QUICK = 64 };

static _Noreturn void give_up(const struct options *o, const char *why)
{
	fprintf(stderr, "%s: %s\n", o->command, why);
	exit(2);
}

/* Into *s, on the heap: a script takes much room. */
static void read_one(const struct options *o, struct scenario **s, const char *path)
{
	char why[PATH_MAX + 512] = "out of memory";

	*s = calloc(1, sizeof(**s));
	if (!*s || scenario_read(*s, path, why, sizeof(why)))
		give_up(o, why);
}

void scenarios_add(const struct options *o, struct scenarios *s, const char *name)
{
	char path[PATH_MAX], why[2 * PATH_MAX];

	if (s->count == SCENARIOS_MAX)
		options_refuse(o, "scenario", name, "at most 16 of them");
	if (scenario_find(name, path, why, sizeof(why)))
		give_up(o, why);
	read_one(o, &s->all[s->count++], path);
}

void scenarios_free(struct scenarios *s)
{
	for (unsigned i = 0; i < s->count; i++) {
		scenario_free(s->all[i]);
		free(s->all[i]);
	}
	s->count = 0;
}

static void copy_connections(const struct scenario *s, bool quick, struct comparison_options *o)
{
	unsigned most = 0;

	for (unsigned i = 0; i < s->connections_count; i++)
		if (s->connections[i] <= QUICK && s->connections[i] > most)
			most = s->connections[i];
	for (unsigned i = 0; i < s->connections_count; i++)
		if (!quick || !most || s->connections[i] == most)
			o->connections[o->connections_count++] = s->connections[i];
}

void scenarios_apply(const struct scenario *s, bool quick, struct comparison_options *o)
{
	o->scenario = s;
	o->config = s->path;
	o->talk = &s->talk;
	o->script = s->load.script;
	if (!o->size)
		o->size = s->load.size;
	if (o->duration <= 0)
		o->duration = s->duration;
	if (o->sweep.bound <= 0)
		o->sweep.bound = s->knee;
	if (!o->connections_count)
		copy_connections(s, quick, o);
	for (unsigned i = 0; !o->mode_count && i < s->mode_count; i++)
		o->modes[i] = s->modes[i];
	o->mode_count = o->mode_count ? o->mode_count : s->mode_count;
}

static void print_one(void *arg, const char *path)
{
	struct scenario *s;

	read_one(arg, &s, path);
	printf("%-10s  %s\n    %s\n", s->name, s->title, s->question);
	scenario_free(s);
	free(s);
}

_Noreturn void scenarios_print(const struct options *o)
{
	struct options copy = *o;
	char why[2 * PATH_MAX];

	if (scenario_list(print_one, &copy, why, sizeof(why)))
		give_up(o, why);
	exit(0);
}

void scenarios_head(const struct scenario *s)
{
	printf("%s (%s)\n%s\n", s->title, s->name, s->question);
}
