/* SPDX-License-Identifier: MIT */
#include "cli/baseline.h"

#include "compare/baseline.h"

#include <stdlib.h>

/* NULL, with a line on the standard error, if it cannot be had. */
static struct baseline *read_one(const char *path, unsigned place)
{
	struct baseline *b = calloc(1, sizeof(*b));
	char why[512] = "out of memory";

	if (b && !baseline_read(b, path, place, why, sizeof(why)))
		return b;
	fprintf(stderr, "modus compare: --baseline: %s\n", why);
	baseline_free(b);
	return NULL;
}

void baseline_check(const char *path)
{
	struct baseline *b = path ? read_one(path, 0) : NULL;

	if (path && !b)
		exit(2);
	baseline_free(b);
}

void baseline_join(struct comparison *c, const char *path, unsigned place)
{
	c->baseline = path ? read_one(path, place) : NULL;
}
