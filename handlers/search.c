/* SPDX-License-Identifier: MIT */
/*
 * Who can write a plugin's file or its directory can run code as the server.  So neither may be
 * writable by the group or by others; the sticky bit of /tmp does not help, for it lets anybody
 * put a file there first.  An empty part of a path is skipped: it is not the current directory.
 */
#include "handlers/search.h"

#include "build_config.h"
#include "handlers/refusal.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct search {
	const char *type;
	char *file, *tried;
	size_t file_size, tried_size;
};

/* Looks into one directory.  Any other reason than "not there" ends the search: it will be told. */
static bool search_directory(struct search *s, const char *dir, size_t len)
{
	size_t used = strlen(s->tried);
	struct stat st;
	int n = snprintf(s->file, s->file_size, "%.*s/%s.so", (int)len, dir, s->type);

	if (n < 0 || (size_t)n >= s->file_size)
		return false;
	if (stat(s->file, &st) == 0 || (errno != ENOENT && errno != ENOTDIR))
		return true;
	snprintf(s->tried + used, s->tried_size - used, "%s%.*s", used ? ", " : "", (int)len, dir);
	return false;
}

static bool search_path(struct search *s, const char *path)
{
	while (path && *path) {
		size_t len = strcspn(path, ":");

		if (len > 0 && search_directory(s, path, len))
			return true;
		path += len + (path[len] == ':');
	}
	return false;
}

int search_find(const char *type, const char *path, char *file, size_t size, char *why,
		size_t why_size)
{
	char tried[1024] = "";
	struct search s = { type, file, tried, size, sizeof(tried) };

	if (strchr(type, '/')) {
		if ((size_t)snprintf(file, size, "%s", type) < size)
			return 0;
		snprintf(why, why_size, "plugin file name of %zu bytes, expected at most %zu",
			 strlen(type), size - 1);
		return -ENAMETOOLONG;
	}
	if (*type == '\0') {
		snprintf(why, why_size, "the plugin's name is empty, expected a name or a file");
		return -ENOENT;
	}
	if (search_path(&s, path) || search_path(&s, getenv("MODUS_PLUGIN_PATH")) ||
	    search_path(&s, MODUS_PLUGIN_DIR))
		return 0;
	snprintf(why, why_size, "no plugin \"%s\": there is no %s.so in %s", type, type, tried);
	return -ENOENT;
}

static int trust_mode(const struct refusal *r, const char *subject, mode_t mode)
{
	if ((mode & (S_IWGRP | S_IWOTH)) == 0)
		return 0;
	return refuse(r, "%smay be written by %s (mode %04o), expected by its owner alone", subject,
		      mode & S_IWOTH ? "anybody" : "its group", mode & 07777);
}

/* file holds a slash. */
static int trust_directory(const struct refusal *r, const char *file)
{
	char dir[PATH_MAX], subject[PATH_MAX + 32];
	int len = (int)(strrchr(file, '/') - file);
	struct stat st;

	snprintf(dir, sizeof(dir), "%.*s", len > 0 ? len : 1, file);
	snprintf(subject, sizeof(subject), "its directory %s ", dir);
	if (stat(dir, &st))
		return refuse(r, "%scannot be looked at: %s", subject, strerror(errno));
	return trust_mode(r, subject, st.st_mode);
}

int search_trust(const struct refusal *r, struct stat *st)
{
	char real[PATH_MAX];
	int rc;

	if (stat(r->file, st) || !realpath(r->file, real)) {
		if (errno == ENOENT || errno == ENOTDIR)
			return refuse(r, "there is no such file");
		return refuse(r, "cannot be looked at: %s", strerror(errno));
	}
	if (!S_ISREG(st->st_mode))
		return refuse(r, "is %s, expected a regular file",
			      S_ISDIR(st->st_mode) ? "a directory" : "a device, pipe or socket");
	rc = trust_mode(r, "", st->st_mode);
	rc = rc ? rc : trust_directory(r, r->file);
	return rc ? rc : trust_directory(r, real);
}
