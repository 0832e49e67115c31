/* SPDX-License-Identifier: MIT */
#include "cli/common.h"

#include "handlers/loader.h"
#include "models/models.h"

#include <stdlib.h>

static void report(void *arg, const char *sentence)
{
	fprintf(stderr, "%s\n", sentence);
}

struct plan *cli_read_text(const char *file, const char *text, bool plugins, const char *only)
{
	struct config_sources sources = { models_all, plugins ? loader_open : NULL, only };
	struct plan *plan;

	return config_read_plan(file, text, &sources, &plan, report, NULL) ? NULL : plan;
}

struct plan *cli_read_config(const char *file, char **text, bool plugins)
{
	struct plan *plan;
	char why[512], *read;

	if (config_load_file(file, &read, why, sizeof(why))) {
		fprintf(stderr, "modus: %s\n", why);
		return NULL;
	}
	plan = cli_read_text(file, read, plugins, NULL);
	if (plan && text)
		*text = read;
	else
		free(read);
	return plan;
}

int cli_usage(const char *usage)
{
	fprintf(stderr, "usage: %s\n", usage);
	return 2;
}
