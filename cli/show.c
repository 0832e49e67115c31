/* SPDX-License-Identifier: MIT */
/* modus show: the models, plugins and settings there are, from the rows that also check them. */
#include "build_config.h"
#include "cli/common.h"
#include "handlers/loader.h"
#include "models/models.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] = "modus show models\n"
			    "       modus show handlers [NAME...]\n"
			    "       modus show config [FILE]\n"
			    "\n"
			    "With FILE, its settings as they are in effect.";

static const struct {
	unsigned bit;
	const char *word;
} capability_words[] = {
	{ MODUS_CONCURRENT, "concurrent" }, { MODUS_THREADED, "threaded" },
	{ MODUS_PROCESSES, "processes" },   { MODUS_EVENTED, "evented" },
	{ MODUS_ISOLATED, "isolated" },
}, flag_words[] = {
	{ MODUS_STREAM, "stream" },       { MODUS_DATAGRAM, "datagram" },
	{ MODUS_REENTRANT, "reentrant" }, { MODUS_SHARES_MEMORY, "shares-memory" },
	{ MODUS_BLOCKS, "blocks" },       { MODUS_SPEAKS_FIRST, "speaks-first" },
};

#define SHOW_WORDS(words, bits)                                       \
	for (size_t i = 0; i < sizeof(words) / sizeof(*(words)); i++) \
		if ((bits) & (words)[i].bit)                          \
	printf(" %s", (words)[i].word)

static int show_models(void)
{
	for (const struct modus_model *const *m = models_all; *m; m++) {
		printf("%s: %s\n ", (*m)->name, (*m)->summary);
		SHOW_WORDS(capability_words, (*m)->capabilities);
		putchar('\n');
		if ((*m)->settings)
			config_show_rows(stdout, (*m)->settings);
		putchar('\n');
	}
	return 0;
}

static int show_handler(const char *type)
{
	char why[512];
	const struct modus_plugin *p = loader_open(type, "", why, sizeof(why));

	if (!p) {
		fprintf(stderr, "modus: %s\n", why);
		return 1;
	}
	printf("%s: %s\n ", p->name, p->summary);
	SHOW_WORDS(flag_words, p->flags);
	putchar('\n');
	if (p->settings)
		config_show_rows(stdout, p->settings);
	putchar('\n');
	return 0;
}

static int is_plugin(const struct dirent *e)
{
	size_t n = strlen(e->d_name);

	return n > 3 && !strcmp(e->d_name + n - 3, ".so");
}

static int show_directory(const char *directory)
{
	struct dirent **list;
	int n = scandir(directory, &list, is_plugin, alphasort), failed = 0;

	for (int i = 0; i < n; i++) {
		char path[1024];

		snprintf(path, sizeof(path), "%s/%s", directory, list[i]->d_name);
		failed |= show_handler(path);
		free(list[i]);
	}
	if (n >= 0)
		free(list);
	return failed;
}

static int show_all_handlers(void)
{
	const char *said = getenv("MODUS_PLUGIN_PATH");
	char *path = strdup(said ? said : ""), *rest = path, *directory;
	int failed = 0;

	while (rest && (directory = strsep(&rest, ":")))
		if (*directory)
			failed |= show_directory(directory);
	free(path);
	return failed | show_directory(MODUS_PLUGIN_DIR);
}

static int show_config(const char *file)
{
	struct plan *plan;

	if (!file) {
		printf("the whole file:\n");
		config_show_rows(stdout, plan_rows);
		printf("\neach group of services:\n");
		config_show_rows(stdout, plan_service_rows);
		return 0;
	}
	plan = cli_read_config(file, NULL, true);
	if (!plan)
		return 1;
	config_show_plan(stdout, plan);
	config_free(plan);
	return 0;
}

int main(int argc, char **argv)
{
	int failed = 0;

	if (argc == 2 && !strcmp(argv[1], "models"))
		return show_models();
	if (argc >= 2 && argc <= 3 && !strcmp(argv[1], "config"))
		return show_config(argc == 3 ? argv[2] : NULL);
	if (argc < 2 || strcmp(argv[1], "handlers") != 0)
		return cli_usage(usage);
	if (argc == 2)
		return show_all_handlers();
	for (int i = 2; i < argc; i++)
		failed |= show_handler(argv[i]);
	return failed;
}
