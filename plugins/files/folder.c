/* SPDX-License-Identifier: MIT */
#include "folder.h"

#include "lookup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int append(struct folder *of, const char *name, const struct stat *st)
{
	struct folder_entry *entries, *entry;
	size_t room = of->room ? 2 * of->room : 64;

	if (of->count == of->room) {
		entries = reallocarray(of->entries, room, sizeof(*entries));
		if (!entries)
			return -ENOMEM;
		of->entries = entries;
		of->room = room;
	}
	entry = &of->entries[of->count];
	entry->name = strdup(name);
	if (!entry->name)
		return -ENOMEM;
	entry->folder = S_ISDIR(st->st_mode);
	entry->size = st->st_size;
	entry->modified = st->st_mtim.tv_sec;
	of->count++;
	return 0;
}

/* Where a link leads the kernel says, or refuses to. */
static int look_at(const struct folder *of, DIR *d, const char *name, struct stat *st)
{
	char *path;
	int rc = fstatat(dirfd(d), name, st, AT_SYMLINK_NOFOLLOW) ? -errno : 0;

	if (rc || !S_ISLNK(st->st_mode))
		return rc;
	if (asprintf(&path, "%s%s", of->path, name) < 0)
		return -ENOMEM;
	rc = lookup_stat(of->files, path, st);
	free(path);
	return rc;
}

static bool is_seen(const struct folder *of, const char *name)
{
	if (!strcmp(name, ".") || !strcmp(name, ".."))
		return false;
	return *name != '.' || of->files->set->dotfiles == DOTFILES_SHOW;
}

/* What cannot be looked at, or be served, is not listed. */
static int take(struct folder *of, DIR *d, const char *name)
{
	struct stat st;
	int rc = look_at(of, d, name, &st);

	if (rc == -ENOMEM || rc == -EMFILE || rc == -ENFILE)
		return rc;
	if (rc || (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)))
		return 0;
	return append(of, name, &st);
}

static int compare(const void *one, const void *other)
{
	const struct folder_entry *a = one, *b = other;

	if (a->folder != b->folder)
		return a->folder ? -1 : 1;
	return strcmp(a->name, b->name);
}

static int read_entries(struct folder *of, DIR *d)
{
	struct dirent *entry;
	int rc = 0;

	while (!rc) {
		errno = 0;
		entry = readdir(d);
		if (!entry)
			return -errno;
		if (!is_seen(of, entry->d_name))
			continue;
		of->cut = of->count == FOLDER_MAX;
		if (of->cut)
			return 0;
		rc = take(of, d, entry->d_name);
	}
	return rc;
}

int folder_read(void *worker, void *arg)
{
	struct folder *of = arg;
	int fd = lookup_open(of->files, of->path, O_RDONLY | O_DIRECTORY), rc;
	DIR *d;

	if (fd < 0)
		return fd;
	d = fdopendir(fd);
	if (!d) {
		rc = -errno;
		close(fd);
		return rc;
	}
	rc = read_entries(of, d);
	closedir(d);
	if (!rc && of->count)
		qsort(of->entries, of->count, sizeof(*of->entries), compare);
	return rc;
}

void folder_free(struct folder *of)
{
	for (size_t i = 0; i < of->count; i++)
		free(of->entries[i].name);
	free(of->entries);
}
