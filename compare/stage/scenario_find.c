/* SPDX-License-Identifier: MIT */
#include "compare/stage/scenario_find.h"

#include "build_config.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char built[] = "../compare/scenarios", suffix[] = ".conf";

/* The directory. */
static void folder(char out[PATH_MAX])
{
	char self[PATH_MAX], path[PATH_MAX + sizeof(built)];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	self[n > 0 ? n : 0] = '\0';
	slash = strrchr(self, '/');
	if (slash) {
		snprintf(path, sizeof(path), "%.*s/%s", (int)(slash - self), self, built);
		if (realpath(path, out))
			return;
	}
	snprintf(out, PATH_MAX, "%s/scenarios", MODUS_DATA_DIR);
}

int scenario_find(const char *name, char path[PATH_MAX], char *why, size_t size)
{
	char where[PATH_MAX], whole[PATH_MAX + NAME_MAX];

	folder(where);
	snprintf(whole, sizeof(whole), "%s/%.200s%s", where, name, suffix);
	if (strchr(name, '/'))
		snprintf(whole, sizeof(whole), "%s", name);
	if (strlen(whole) < PATH_MAX && !access(whole, R_OK)) {
		memcpy(path, whole, strlen(whole) + 1);
		return 0;
	}
	if (strchr(name, '/'))
		snprintf(why, size, "%s: cannot be read: %s", name, strerror(errno));
	else
		snprintf(why, size,
			 "%s: got no %s%s in %s, want a name that --list tells or a path", name,
			 name, suffix, where);
	return -ENOENT;
}

static int is_scenario(const struct dirent *e)
{
	size_t n = strlen(e->d_name), end = sizeof(suffix) - 1;

	return n > end && !strcmp(e->d_name + n - end, suffix);
}

int scenario_list(void (*each)(void *arg, const char *path), void *arg, char *why, size_t size)
{
	char where[PATH_MAX], path[PATH_MAX + NAME_MAX + 2];
	struct dirent **found;
	int n;

	folder(where);
	n = scandir(where, &found, is_scenario, alphasort);
	if (n < 0) {
		int err = -errno;

		snprintf(why, size, "%s: cannot be read: %s", where, strerror(-err));
		return err;
	}
	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", where, found[i]->d_name);
		each(arg, path);
		free(found[i]);
	}
	free(found);
	return 0;
}
