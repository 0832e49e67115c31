/* SPDX-License-Identifier: MIT */
#include "compare/load/window.h"

#include "compare/load/load_conn.h"

#include <errno.h>
#include <stdlib.h>

int window_init(struct load *l)
{
	const struct load_options *o = l->options;

	l->starts = calloc((size_t)l->count * o->pipeline, sizeof(*l->starts));
	return l->starts ? 0 : -ENOMEM;
}

void window_end(struct load *l)
{
	free(l->starts);
}

void window_open(const struct load *l, struct window *w, uint32_t id)
{
	*w = (struct window) { .starts = l->starts +
					 (size_t)(id - l->conns[0].id) * l->options->pipeline };
}

void window_fill(const struct load *l, struct window *w, int64_t since)
{
	unsigned size = l->options->pipeline;

	while (w->begun < w->answered + size)
		w->starts[w->begun++ % size] = since;
}

void window_done(struct load *l, struct load_conn *c, struct window *w, int64_t now)
{
	conn_done(l, c, w->starts[w->answered++ % l->options->pipeline], now);
}
