/* SPDX-License-Identifier: MIT */
/* How many clients the model under test serves at a time. */
#include "tests/conformance/harness.h"

#include "models/models.h"

#include <stdio.h>
#include <string.h>

static const struct modus_model *model(void)
{
	const struct modus_model *const *m = models_all;

	while (strcmp((*m)->name, subject.model))
		m++;
	return *m;
}

int model_places(int wanted, char *rows, size_t size)
{
	static const char *const keys[] = { "max_fibers", "max_children", "max_threads",
					    "threads" };
	const struct modus_setting *row = model()->settings;
	int places = wanted;

	*rows = '\0';
	for (; row && row->key; row++)
		for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
			if (strcmp(row->key, keys[i]) != 0)
				continue;
			places = wanted < row->max ? wanted : (int)row->max;
			snprintf(rows, size, "%s = %d;", row->key, places);
		}
	return places;
}
