/* SPDX-License-Identifier: MIT */
/* modus report: what modus compare has recorded, as a page. */
#include "cli/options.h"
#include "compare/report/page.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct report_command {
	const char *out;
};

static const struct option_row rows[] = {
	{ 'o', "output", "FILE", "where the page is written (standard output)", OPTION_TEXT,
	  .offset = offsetof(struct report_command, out) },
	{ 0 },
};

static const struct options options = {
	.command = "modus report",
	.usage = "[OPTION]... RECORD...",
	.about = "Writes an HTML page of what modus compare --json has recorded; of several runs, "
		 "if "
		 "there are\n"
		 "several files. The page needs nothing else and no network.\n",
	.after = "Exit status: 0; 1 if a file cannot be read or written; 2 for wrong usage.\n",
	.rows = rows,
};

static _Noreturn void fail(const char *path, const char *why)
{
	fprintf(stderr, "modus report: %s: %s\n", path, why);
	exit(1);
}

static void add(FILE *page, const char *path)
{
	FILE *record = fopen(path, "re");
	int err;

	if (!record)
		fail(path, strerror(errno));
	err = page_record(page, record);
	if (err == -EINVAL)
		fail(path, "want what modus compare --json writes");
	if (err)
		fail(path, strerror(-err));
	fclose(record);
}

int main(int argc, char **argv)
{
	struct report_command c = { .out = NULL };
	int first = options_read(&options, &c, argc, argv);
	FILE *page;

	if (first == argc)
		options_misused(&options);
	page = c.out ? fopen(c.out, "we") : stdout;
	if (!page)
		fail(c.out, strerror(errno));
	page_begin(page);
	for (int i = first; i < argc; i++)
		add(page, argv[i]);
	page_end(page);
	if (ferror(page) || fclose(page))
		fail(c.out ? c.out : "standard output", strerror(errno));
	return 0;
}
