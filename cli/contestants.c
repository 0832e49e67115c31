/* SPDX-License-Identifier: MIT */
#include "cli/contestants.h"

#include "models/models.h"

#include <stdio.h>
#include <string.h>

static const struct modus_model *find(const struct options *options, const char *name)
{
	char known[256] = "none or some of";
	size_t n = strlen(known);

	for (const struct modus_model *const *m = models_all; *m; m++) {
		if (!strcmp((*m)->name, name))
			return *m;
		if (n < sizeof(known))
			n += (size_t)snprintf(known + n, sizeof(known) - n, " %s", (*m)->name);
	}
	options_refuse(options, "models", name, known);
}

void contestants_add(struct contestants *c, const struct options *options,
		     struct comparison_options *o, const char *name)
{
	const struct modus_model *model;

	if (!strcmp(name, "none")) {
		c->no_models = true;
		return;
	}
	if (o->contestant_count == COMPARISON_CONTESTANTS_MAX)
		options_refuse(options, "models", name, "fewer of them");
	model = find(options, name);
	for (unsigned i = 0; i < o->contestant_count; i++)
		if (o->contestants[i].model == model)
			options_refuse(options, "models", name, "each of them once");
	o->contestants[o->contestant_count++] =
		(struct contestant) { .name = model->name, .model = model };
}

void contestants_check(const struct contestants *c, const struct options *options,
		       const struct comparison_options *o, bool config)
{
	if (!c->no_models)
		return;
	if (o->contestant_count)
		options_refuse(options, "models", "none", "none alone, or models");
	if (!c->rivals.count)
		options_refuse(options, "models", "none", "--against beside it");
	if (config)
		options_refuse(options, "models", "none",
			       "no CONFIG beside it: nothing of that is served");
}

void contestants_join(const struct contestants *c, const struct options *options,
		      struct comparison_options *o)
{
	if (!o->contestant_count && !c->no_models)
		for (const struct modus_model *const *m = models_all; *m; m++)
			o->contestants[o->contestant_count++] =
				(struct contestant) { .name = (*m)->name, .model = *m };
	rivals_join(&c->rivals, options, o);
}
