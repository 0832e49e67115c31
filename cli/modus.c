/* SPDX-License-Identifier: MIT */
/*
 * modus: runs its commands, which are programs of their own named modus-COMMAND: what only one of
 * them needs never burdens a process that serves.
 */
#include "build_config.h"
#include "cli/common.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
	"modus COMMAND [ARGUMENTS]\n"
	"\n"
	"  serve CONFIG                        serve what CONFIG says\n"
	"  check CONFIG                        say what is wrong with CONFIG\n"
	"  show models|handlers|config [FILE]  what there is, and its settings\n"
	"  status CONFIG                       the counters of the server that serves CONFIG\n"
	"  load TARGET                         put a server under load\n"
	"  compare [CONFIG]                    the same service under every model, under load\n"
	"  report RECORD...                    a page of what compare has recorded\n"
	"  board import|export|verify|user     messages, checks, accounts of a bulletin board\n"
	"  version";

/* Where the commands are: said, beside this program (in the build tree), or installed. */
static void command_path(char *out, size_t size, const char *command)
{
	const char *said = getenv("MODUS_EXEC_PATH");
	char self[512];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	if (!said && n > 0) {
		self[n] = '\0';
		slash = strrchr(self, '/');
		*slash = '\0';
		snprintf(out, size, "%s/modus-%s", self, command);
		if (access(out, X_OK) == 0)
			return;
	}
	snprintf(out, size, "%s/modus-%s", said ? said : MODUS_LIBEXEC_DIR, command);
}

int main(int argc, char **argv)
{
	static char title[64];
	char path[1024];

	if (argc < 2 || !strcmp(argv[1], "--help") || !strcmp(argv[1], "help"))
		return argc < 2 ? cli_usage(usage) : (printf("usage: %s\n", usage), 0);
	if (!strcmp(argv[1], "version") || !strcmp(argv[1], "--version")) {
		printf("modus %s\n", MODUS_VERSION);
		return 0;
	}
	if (strspn(argv[1], "abcdefghijklmnopqrstuvwxyz") != strlen(argv[1]))
		return cli_usage(usage);
	command_path(path, sizeof(path), argv[1]);
	snprintf(title, sizeof(title), "modus %s", argv[1]);
	argv[1] = title;
	execv(path, argv + 1);
	if (errno == ENOENT)
		fprintf(stderr,
			"modus: there is no command of that name; 'modus help' lists them\n");
	else
		fprintf(stderr, "modus: %s: %s\n", path, strerror(errno));
	return 2;
}
