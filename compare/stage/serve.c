/* SPDX-License-Identifier: MIT */
#include "compare/stage/serve.h"

#include "build_config.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LOG_HEAD = 16384 };

static const char program_name[] = "modus-serve", listening[] = "listening on ";

/* ---- Finding it -------------------------------------------------------------------------------*/

static bool sibling(char *path, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", path, size - 1);
	char *slash;

	if (n <= 0)
		return false;
	path[n] = '\0';
	slash = strrchr(path, '/');
	if (!slash || (size_t)(slash + 1 - path) + sizeof(program_name) > size)
		return false;
	memcpy(slash + 1, program_name, sizeof(program_name));
	return !access(path, X_OK);
}

int serve_find(const char *given, char *path, size_t path_size, char *why, size_t size)
{
	if (given) {
		char *whole = access(given, X_OK) ? NULL : realpath(given, NULL);

		snprintf(path, path_size, "%s", whole ? whole : given);
		if (!whole)
			snprintf(why, size, "%s cannot be run: %s", given, strerror(errno));
		free(whole);
		return whole ? 0 : -ENOENT;
	}
	if (sibling(path, path_size))
		return 0;
	snprintf(path, path_size, "%s/%s", MODUS_LIBEXEC_DIR, program_name);
	if (!access(path, X_OK))
		return 0;
	snprintf(why, size, "%s is neither next to this program nor in %s", program_name,
		 MODUS_LIBEXEC_DIR);
	return -ENOENT;
}

/* ---- Starting it ------------------------------------------------------------------------------*/

struct serving {
	const char *program, *config;
};

/* Takes the port out of the log's beginning, if both that and "ready" are there by now. */
static bool log_ready(struct server *s)
{
	char text[LOG_HEAD];
	ssize_t n = pread(s->log, text, sizeof(text) - 1, 0);
	const char *at, *end;

	if (n <= 0)
		return false;
	text[n] = '\0';
	at = strstr(text, listening);
	end = at ? strchr(at, '\n') : NULL;
	if (!end || !strstr(end, "ready"))
		return false;
	at += strlen(listening);
	snprintf(s->target, sizeof(s->target), "%.*s", (int)strcspn(at, " \t\n\","), at);
	return true;
}

/* Makes the folders of plugins mean the same in another directory. */
static int keep_plugins(void)
{
	const char *said = getenv("MODUS_PLUGIN_PATH");
	char *from = said ? strdup(said) : NULL, *left = from, *one, *all = NULL;
	char *here = getcwd(NULL, 0);
	size_t n = 0;
	FILE *f = from && here ? open_memstream(&all, &n) : NULL;

	while (f && (one = strsep(&left, ":")))
		fprintf(f, "%s%s%s%s", one == from ? "" : ":", *one && *one != '/' ? here : "",
			*one && *one != '/' ? "/" : "", one);
	if (f && !fclose(f))
		setenv("MODUS_PLUGIN_PATH", all, 1);
	free(all);
	free(from);
	free(here);
	return said && !f ? -ENOMEM : 0;
}

/* What the config names without a leading '/', is beside it. */
static int go_to_config(const char *config)
{
	const char *slash = strrchr(config, '/');
	char directory[PATH_MAX];

	if (!slash)
		return 0;
	snprintf(directory, sizeof(directory), "%.*s", (int)(slash - config + 1), config);
	return keep_plugins() || chdir(directory) ? -1 : 0;
}

static void become(const void *arg)
{
	const struct serving *serving = arg;

	if (go_to_config(serving->config))
		return;
	execl(serving->program, program_name, "--foreground", serving->config, (char *)NULL);
	dprintf(2, "%s: %s\n", serving->program, strerror(errno));
}

int serve_start(struct server *s, const char *program, const char *config, int cpu, int stop_fd,
		char *why, size_t size)
{
	const struct serving serving = { program, config };
	const struct server_plan plan = {
		.become = become,
		.arg = &serving,
		.ready = log_ready,
		.sign = "say \"listening on ...\" and \"ready\"",
		.cpu = cpu,
		.stop_fd = stop_fd,
	};

	*s = (struct server)SERVER_NONE;
	return server_begin(s, &plan, why, size);
}
