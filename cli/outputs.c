/* SPDX-License-Identifier: MIT */
#include "cli/outputs.h"

#include "compare/report/csv.h"
#include "compare/report/page.h"
#include "compare/report/record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void (*const writers[OUTPUTS])(FILE *f, const struct comparison *all, unsigned count) = {
	[OUTPUT_JSON] = record_write,
	[OUTPUT_CSV] = csv_write,
	[OUTPUT_HTML] = page_write,
};

static _Noreturn void fail(const char *path)
{
	fprintf(stderr, "modus compare: %s: %s\n", path, strerror(errno));
	exit(2);
}

void outputs_open(struct outputs *o)
{
	for (int i = 0; i < OUTPUTS; i++) {
		o->file[i] = o->path[i] ? fopen(o->path[i], "ae") : NULL;
		if (o->path[i] && !o->file[i])
			fail(o->path[i]);
	}
}

/* What is there is kept until then: it may be the baseline.  What is no file has no size to set. */
static bool write_one(enum output i, FILE *f, const struct comparison *all, unsigned count)
{
	if (ftruncate(fileno(f), 0) && errno != EINVAL)
		return false;
	writers[i](f, all, count);
	return !ferror(f);
}

void outputs_write(struct outputs *o, const struct comparison *all, unsigned count)
{
	for (int i = 0; i < OUTPUTS; i++) {
		if (o->file[i] &&
		    (!write_one((enum output)i, o->file[i], all, count) || fclose(o->file[i])))
			fail(o->path[i]);
	}
}
