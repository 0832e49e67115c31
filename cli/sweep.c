/* SPDX-License-Identifier: MIT */
#include "cli/sweep.h"

#include "compare/load/knee.h"
#include "compare/load/script.h"

void sweep_set_bound(const struct options *o, struct comparison_options *to, const char *text)
{
	uint64_t bound = knee_bound(text);

	if (!bound)
		options_refuse(o, "knee", text, "a time: 10ms, 500us, 0.01");
	to->sweep.bound = (double)bound / 1e9;
}

void sweep_check(const struct options *o, const struct comparison_options *of,
		 const struct scenarios *s)
{
	if (of->sweep.bound <= 0)
		return;
	if (of->script)
		options_refuse(o, "knee", of->script->name,
			       "no script: it says itself what is sent when");
	if (of->pipeline > 1)
		options_refuse(o, "knee", "it beside --pipeline",
			       "no pipeline, which takes no rate");
	for (unsigned i = 0; i < s->count; i++)
		if (!scenario_takes_rate(s->all[i]))
			options_refuse(o, "knee", s->all[i]->name,
				       "scenarios without a script, a pipeline or time to think");
}

/* The part of the time that is the sweep's: it takes as long as the rounds of three loads. */
static double share(const struct comparison_options *o)
{
	return o->sweep.bound > 0 ? 3.0 / (3 + o->connections_count * o->mode_count) : 0;
}

double sweep_need(const struct comparison_options *o, double rounds)
{
	return rounds / (1 - share(o));
}

void sweep_plan(struct comparison_options *o)
{
	if (o->sweep.bound <= 0)
		return;
	o->sweep.duration = o->duration;
	o->sweep.budget = o->budget * share(o);
	o->budget -= o->sweep.budget;
	if (o->limit > 0)
		o->limit -= o->sweep.budget;
}
