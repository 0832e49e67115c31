/* SPDX-License-Identifier: MIT */
#include "compare/cells.h"

#include "compare/load/script.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- Contestants ----------------------------------------------------------------------------*/

/* Whoever serves one connection at a time is a poor measure for the others. */
static unsigned choose_reference(const struct comparison_options *o)
{
	for (unsigned i = 0; i < o->contestant_count; i++)
		if (!contestant_takes_turns(&o->contestants[i]))
			return i;
	return 0;
}

static int find_reference(struct comparison *c, char *why, size_t size)
{
	const struct comparison_options *o = &c->options;

	c->reference = 0;
	if (!o->reference) {
		c->reference = choose_reference(o);
		return 0;
	}
	while (c->reference < o->contestant_count &&
	       strcmp(o->contestants[c->reference].name, o->reference) != 0)
		c->reference++;
	if (c->reference < o->contestant_count)
		return 0;
	snprintf(why, size, "--reference: got '%s', want the name of one that takes part",
		 o->reference);
	return -EINVAL;
}

/* It stands below the reference. */
static void add_twin(struct comparison *c)
{
	struct comparison_options *o = &c->options;
	struct contestant *at = &o->contestants[c->reference + 1];

	c->twin = c->reference;
	if (o->contestant_count < 2 || (o->rounds && o->rounds < COMPARISON_ROUNDS_LEAST))
		return;
	c->twin++;
	memmove(at + 1, at, (o->contestant_count++ - c->twin) * sizeof(*at));
	snprintf(c->twin_name, sizeof(c->twin_name), "%s again", at[-1].name);
	*at = at[-1];
	at->name = c->twin_name;
}

/* ---- Cells ----------------------------------------------------------------------------------*/

static int cell_make(struct cell *cell, const struct comparison_options *o, unsigned i)
{
	cell->contestant = &o->contestants[i % o->contestant_count];
	cell->connections = o->connections[i / o->contestant_count % o->connections_count];
	cell->mode = o->modes[i / o->contestant_count / o->connections_count];
	cell->samples = calloc(o->rounds ? o->rounds : STATISTICS_MAX, sizeof(*cell->samples));
	if (o->script)
		cell->labels = calloc(o->script->label_count, sizeof(*cell->labels));
	return cell->samples && (!o->script || cell->labels) ? 0 : -ENOMEM;
}

int cells_make(struct comparison *c, char *why, size_t size)
{
	const struct comparison_options *o = &c->options;
	int err = find_reference(c, why, size);

	if (err)
		return err;
	add_twin(c);
	c->count = o->mode_count * o->connections_count * o->contestant_count;
	if (!c->count) {
		snprintf(why, size, "there is nothing to compare: no contestant, or no load");
		return -EINVAL;
	}
	c->cells = calloc(c->count, sizeof(*c->cells));
	err = c->cells ? 0 : -ENOMEM;
	for (unsigned i = 0; !err && i < c->count; i++)
		err = cell_make(&c->cells[i], o, i);
	if (err)
		snprintf(why, size, "out of memory");
	return err;
}

void cells_free(struct comparison *c)
{
	for (unsigned i = 0; c->cells && i < c->count; i++) {
		free(c->cells[i].samples);
		free(c->cells[i].labels);
		free(c->cells[i].config);
		workers_free(&c->cells[i].workers);
	}
	free(c->cells);
	c->cells = NULL;
}

/* ---- What is known of them ------------------------------------------------------------------*/

unsigned comparison_loads(const struct comparison *c)
{
	return c->count / c->options.contestant_count;
}

unsigned comparison_rounds(const struct comparison *c, unsigned load)
{
	const struct cell *cells = &c->cells[load * c->options.contestant_count];
	unsigned most = 0;

	for (unsigned i = 0; i < c->options.contestant_count; i++)
		if (cells[i].count > most)
			most = cells[i].count;
	return most;
}

double comparison_noise(const struct comparison *c, unsigned load, enum metric m)
{
	if (c->twin == c->reference)
		return 0;
	return interval_reach(&c->cells[load * c->options.contestant_count + c->twin].ratio[m]);
}

/* Where the client was late each time, nothing is known of the server's rate. */
static bool cell_well(const struct cell *cell)
{
	return !*cell->failure && !load_errors_wrong(&cell->errors) &&
	       (cell->late == cell->count ||
		statistics_least(cell->samples, cell->count, METRIC_RATE) > 0);
}

bool comparison_well(const struct comparison *c)
{
	for (unsigned i = 0; i < c->count; i++)
		if (!cell_well(&c->cells[i]))
			return false;
	return true;
}
