/* SPDX-License-Identifier: MIT */
/* modus board: what is done to a board's file beside the plugin that serves it, at any time. */
#include "archive.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
	"modus board COMMAND [ARGUMENTS]\n"
	"\n"
	"  import --board NAME [--create TITLE] FILE.db ARCHIVE.mbox  take messages in as posts\n"
	"  export --board NAME FILE.db [OUT.mbox]                     write posts as messages\n"
	"  verify FILE.db                                             say whether all is right\n"
	"  user FILE.db NAME [OPTION]...                              make or change an account\n"
	"\n"
	"FILE.db is what a service's setting \"file\" names.  It may be served meanwhile; who\n"
	"posts during an import is told to try again later.\n"
	"\"modus board COMMAND --help\" tells more.";

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "import", import_main },
	{ "export", export_main },
	{ "verify", verify_main },
	{ "user", user_main },
};

int archive_usage(const char *said, int option)
{
	fprintf(option == 'h' ? stdout : stderr, "usage: %s\n", said);
	return option == 'h' ? 0 : 2;
}

int archive_failed(struct store *s, const char *file, int rc)
{
	const char *why = s ? store_why(s) : "";
	const char *known = rc == -EBADMSG ? "it is damaged, or no board's" : strerror(-rc);

	fprintf(stderr, "modus board: %s: %s\n", file, *why ? why : known);
	return 1;
}

struct store *archive_open(const char *file, bool make)
{
	struct store *s = NULL;
	char why[512];
	int rc;

	if (!make && access(file, F_OK)) {
		archive_failed(NULL, file, -errno);
		return NULL;
	}
	if (store_prepare(file, why, sizeof(why))) {
		fprintf(stderr, "modus board: %s\n", why);
		return NULL;
	}
	rc = store_open(&s, file);
	if (rc)
		archive_failed(NULL, file, rc);
	return s;
}

int archive_find_board(struct store *s, const char *name, const char *title, struct store_board *b)
{
	int rc = store_find_board(s, name, b);

	if (rc == -ENOENT && title) {
		rc = store_add_board(s, name, title);
		rc = rc ? rc : store_find_board(s, name, b);
	}
	return rc;
}

int main(int argc, char **argv)
{
	if (argc >= 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")))
		return archive_usage(usage, 'h');
	for (size_t i = 0; argc >= 2 && i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	return archive_usage(usage, 0);
}
