/* SPDX-License-Identifier: MIT */
#include "cli/start.h"

#include "build_config.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usual[] = "tcp://127.0.0.1:8080";

static const char form[] =
	"services = ({\n"
	"  name = \"start\";\n"
	"  listen = [ \"%s\" ];\n"
	"  model = \"epoll\";\n"
	"  handler = { type = \"web\"; routes = (\n"
	"    { path = \"/hello\"; app = \"hello_web\"; },\n"
	"    { path = \"/\"; app = { type = \"files\"; root = \"%s\"; }; } ); };\n"
	"});\n";

/* Beside the program, where it was built, else where it was installed. */
static void folder(char out[PATH_MAX])
{
	char self[PATH_MAX], path[PATH_MAX + 16];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	self[n > 0 ? n : 0] = '\0';
	slash = strrchr(self, '/');
	snprintf(path, sizeof(path), "%.*s/../start", slash ? (int)(slash - self) : 0, self);
	if (!slash || !realpath(path, out))
		snprintf(out, PATH_MAX, "%s/start", MODUS_DATA_DIR);
}

char *start_config(const char *listen)
{
	char root[PATH_MAX], *text;

	folder(root);
	if (access(root, R_OK)) {
		fprintf(stderr, "modus: %s: no start page: %s; give a CONFIG\n", root,
			strerror(errno));
		return NULL;
	}
	if (strpbrk(root, "\"\\\n")) {
		fprintf(stderr, "modus: %s: such a path cannot stand in a config; give a CONFIG\n",
			root);
		return NULL;
	}
	if (asprintf(&text, form, listen ? listen : usual, root) < 0)
		return NULL;
	return text;
}
