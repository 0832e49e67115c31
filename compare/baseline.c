/* SPDX-License-Identifier: MIT */
#include "compare/baseline.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char format[] = "modus-compare-1";

static int refuse(char *why, size_t size, const char *path, const char *got)
{
	snprintf(why, size, "%s: got %s, want a record of modus compare --json", path, got);
	return -EINVAL;
}

static void take_text(char *to, size_t size, const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	snprintf(to, size, "%s", text ? text : "");
}

/* What is null was not known. */
static void take_values(struct baseline_cell *cell, const json_t *samples)
{
	for (enum metric m = 0; m < METRICS; m++) {
		const json_t *values = json_object_get(samples, metric_names[m]);
		size_t n = json_array_size(values);

		cell->counts[m] = n < STATISTICS_MAX ? (unsigned)n : STATISTICS_MAX;
		for (unsigned i = 0; i < cell->counts[m]; i++) {
			const json_t *value = json_array_get(values, i);

			cell->values[m][i] = json_is_number(value) ? json_number_value(value) : NAN;
		}
	}
}

static void take_cell(struct baseline_cell *cell, const json_t *from)
{
	json_int_t connections = json_integer_value(json_object_get(from, "connections"));

	take_text(cell->name, sizeof(cell->name), from, "name");
	take_text(cell->mode, sizeof(cell->mode), from, "mode");
	cell->connections =
		connections > 0 && connections <= UINT32_MAX ? (unsigned)connections : 0;
	take_values(cell, json_object_get(from, "samples"));
}

static int take(struct baseline *b, const json_t *from, const char *path, char *why, size_t size)
{
	const json_t *cells = json_object_get(from, "cells");
	const json_t *environment = json_object_get(from, "environment");

	if (!json_is_array(cells) || !json_array_size(cells))
		return refuse(why, size, path, "no cells");
	take_text(b->kernel, sizeof(b->kernel), environment, "kernel");
	take_text(b->processor, sizeof(b->processor), environment, "processor");
	b->count = (unsigned)json_array_size(cells);
	b->cells = calloc(b->count, sizeof(*b->cells));
	if (!b->cells) {
		snprintf(why, size, "out of memory");
		return -ENOMEM;
	}
	for (unsigned i = 0; i < b->count; i++)
		take_cell(&b->cells[i], json_array_get(cells, i));
	return 0;
}

int baseline_read(struct baseline *b, const char *path, unsigned place, char *why, size_t size)
{
	const char *is;
	json_error_t error;
	json_t *all = json_load_file(path, 0, &error);
	const json_t *comparison;
	int err;

	*b = (struct baseline) { 0 };
	if (!all) {
		snprintf(why, size, "%s:%d: %s", path, error.line, error.text);
		return -EINVAL;
	}
	take_text(b->written, sizeof(b->written), all, "written");
	is = json_string_value(json_object_get(all, "format"));
	comparison = json_array_get(json_object_get(all, "comparisons"), place);
	if (!is || strcmp(is, format) != 0)
		err = refuse(why, size, path, is ? is : "no format");
	else if (!comparison)
		err = refuse(why, size, path, "too few comparisons");
	else
		err = take(b, comparison, path, why, size);
	json_decref(all);
	return err;
}

void baseline_clear(struct baseline *b)
{
	free(b->cells);
	b->cells = NULL;
}

void baseline_free(struct baseline *b)
{
	if (b)
		baseline_clear(b);
	free(b);
}

const struct baseline_cell *baseline_find(const struct baseline *b, const struct cell *cell)
{
	for (unsigned i = 0; i < b->count; i++) {
		const struct baseline_cell *was = &b->cells[i];

		if (was->connections == cell->connections &&
		    !strcmp(was->mode, load_mode_names[cell->mode]) &&
		    !strcmp(was->name, cell->contestant->name))
			return was;
	}
	return NULL;
}

struct interval baseline_ratio(const struct baseline_cell *was, const struct cell *is,
			       enum metric m)
{
	double values[STATISTICS_MAX];
	unsigned n = statistics_values(is->samples, is->count, m, values);

	return interval_of_medians(values, n, was->values[m], was->counts[m], INTERVAL_SEED);
}
