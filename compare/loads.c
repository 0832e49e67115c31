/* SPDX-License-Identifier: MIT */
#include "compare/loads.h"

#include "compare/load/talk.h"
#include "compare/scenario.h"

struct load_options loads_common(const struct comparison_options *o)
{
	struct load_options load = scenario_load(o->scenario);

	talk_put(o->talk, &load);
	load.size = o->size;
	if (o->pipeline)
		load.pipeline = o->pipeline;
	load.duration = o->duration;
	load.warmup = o->warmup;
	load.stop_fd = o->stop_fd;
	return load;
}

int loads_check(const struct comparison *c, bool datagrams, char *why, size_t size)
{
	struct load_options load = loads_common(&c->options);
	int err = 0;

	load.target = datagrams ? "udp://127.0.0.1:1" : "tcp://127.0.0.1:1";
	for (unsigned i = 0; !err && i < c->count; i += c->options.contestant_count) {
		load.mode = c->cells[i].mode;
		load.connections = c->cells[i].connections;
		err = load_fits(&load, why, size);
	}
	return err;
}
