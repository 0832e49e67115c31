/* SPDX-License-Identifier: MIT */
#include "compare/stage/scratch.h"

#include <errno.h>
#include <ftw.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { DEEP = 16 }; /* directories that are open at once while all is removed */

static const char *place(void)
{
	const char *said = getenv("TMPDIR");

	return said && *said == '/' ? said : "/tmp";
}

int scratch_make(struct scratch *s, char *why, size_t size)
{
	size_t n = (size_t)snprintf(s->path, sizeof(s->path), "%s/modus-compare.XXXXXX", place());
	int err = n >= sizeof(s->path) ? -ENAMETOOLONG : !mkdtemp(s->path) ? -errno : 0;

	if (!err)
		return 0;
	snprintf(why, size, "cannot make a directory in %s: %s", place(), strerror(-err));
	*s->path = '\0';
	return err;
}

static int remove_inner(const char *path, const struct stat *st, int type, struct FTW *at)
{
	if (at->level)
		remove(path);
	return 0;
}

void scratch_empty(const struct scratch *s)
{
	nftw(s->path, remove_inner, DEEP, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

void scratch_remove(struct scratch *s)
{
	if (!*s->path)
		return;
	scratch_empty(s);
	rmdir(s->path);
	*s->path = '\0';
}

bool scratch_is_memory(void)
{
	struct statfs fs;

	return !statfs(place(), &fs) && fs.f_type == TMPFS_MAGIC;
}
