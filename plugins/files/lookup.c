/* SPDX-License-Identifier: MIT */
/*
 * Every name is resolved by openat2(2), below the descriptor of the root: what leads out of it, be
 * it by "..", by a symbolic link or by a rename at this very moment, the kernel refuses.
 */
#include "lookup.h"

#include "scan.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { TRIES = 8, MS_PER_S = 1000, NS_PER_MS = 1000000 };

int64_t lookup_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * MS_PER_S + t.tv_nsec / NS_PER_MS;
}

/* EAGAIN tells that something was renamed meanwhile, so that the kernel cannot be sure. */
int lookup_open(const struct files *f, const char *path, int flags)
{
	struct open_how how = { .flags = (uint64_t)(flags | O_CLOEXEC),
				.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS };
	long fd = -1;

	if (f->set->symlinks == SYMLINKS_NONE)
		how.resolve |= RESOLVE_NO_SYMLINKS;
	for (int i = 0; i < TRIES; i++) {
		fd = syscall(SYS_openat2, f->root, *path ? path : ".", &how, sizeof(how));
		if (fd >= 0 || (errno != EAGAIN && errno != EINTR))
			break;
	}
	return fd < 0 ? -errno : (int)fd;
}

int lookup_stat(const struct files *f, const char *path, struct stat *st)
{
	int fd = lookup_open(f, path, O_PATH), rc;

	if (fd < 0)
		return fd;
	rc = fstat(fd, st) ? -errno : 0;
	close(fd);
	return rc;
}

/* It is looked at before it is opened, for opening a device may do something; and again after that,
 * for it may be another one by then, which O_NONBLOCK and O_NOCTTY keep harmless. */
int lookup_open_file(const struct files *f, const char *path, struct stat *st)
{
	int rc = lookup_stat(f, path, st), fd;

	if (!rc && !S_ISREG(st->st_mode))
		rc = -ENOENT;
	if (rc)
		return rc;
	fd = lookup_open(f, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return fd;
	if (fstat(fd, st))
		rc = -errno;
	else if (!S_ISREG(st->st_mode))
		rc = -ENOENT;
	if (!rc)
		return fd;
	close(fd);
	return rc;
}

/* ---- What a path is ---- */

/* What cannot be had is remembered, what went wrong is not. */
static int absent(struct resource *r, int rc)
{
	int status = files_status(-rc);

	if (status != 404 && status != 403)
		return rc;
	r->kind = RESOURCE_ABSENT;
	r->status = status;
	return 0;
}

/* Sets where r's files lie: in folder, n bytes. */
static int place(struct resource *r, const char *folder, size_t n, const char *name)
{
	free(r->folder);
	free(r->name);
	r->folder = strndup(folder, n);
	r->name = strdup(name);
	return r->folder && r->name ? 0 : -ENOMEM;
}

/* r's files by its folder and name; st NULL: none is of exactly that name. */
static int look_files(const struct files *f, struct resource *r, const struct stat *st)
{
	int rc = scan_files(f, r, st);

	if (rc)
		return rc;
	if (r->count == 0)
		return absent(r, -ENOENT);
	r->kind = RESOURCE_FILE;
	return 0;
}

static int look_index(const struct files *f, struct resource *r, const char *folder,
		      const char *index)
{
	struct stat st;
	char *path;
	int rc = place(r, folder, strlen(folder), index);

	if (rc)
		return rc;
	if (asprintf(&path, "%s%s", folder, index) < 0)
		return -ENOMEM;
	rc = lookup_stat(f, path, &st);
	free(path);
	if (!rc && S_ISREG(st.st_mode))
		return look_files(f, r, &st);
	if (!rc || rc == -ENOENT)
		return look_files(f, r, NULL);
	return absent(r, rc);
}

/* A directory is its first index, or its listing. */
static int look_folder(const struct files *f, struct resource *r, const char *folder)
{
	static const char *const usual = "index.html";
	const char *const *names = f->set->index.count ? f->set->index.items : &usual;
	size_t n = f->set->index.count ? f->set->index.count : 1;
	int rc, fd = lookup_open(f, folder, O_PATH | O_DIRECTORY);

	if (fd < 0)
		return absent(r, fd);
	close(fd);
	for (size_t i = 0; i < n; i++) {
		rc = look_index(f, r, folder, names[i]);
		if (rc || r->kind == RESOURCE_FILE || r->status != 404)
			return rc;
	}
	if (!f->set->listing)
		return absent(r, -EACCES);
	r->kind = RESOURCE_LISTING;
	return place(r, folder, strlen(folder), "");
}

int lookup(const struct files *f, struct resource *r)
{
	const char *path = r->path + 1, *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	struct stat st;
	int rc;

	if (!*name)
		return look_folder(f, r, path);
	rc = place(r, path, (size_t)(name - path), name);
	if (rc)
		return rc;
	rc = lookup_stat(f, path, &st);
	if (rc == -ENOENT)
		return look_files(f, r, NULL);
	if (!rc && S_ISDIR(st.st_mode))
		r->kind = RESOURCE_DIRECTORY;
	else if (!rc && S_ISREG(st.st_mode))
		return look_files(f, r, &st);
	else
		return absent(r, rc ? rc : -ENOENT);
	return 0;
}
