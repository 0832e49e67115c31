/* SPDX-License-Identifier: MIT */
/*
 * A line is written at once, by one write() to a descriptor with O_APPEND, so that lines of threads
 * and processes do not mix.  That is done in place, under event loops too: a short line goes into
 * the page cache, and to hand it to another thread would cost more than that.  A log has no place
 * on a file system that may hang.
 *
 * The descriptor is opened by start(), and children carry it on: it has no position of its own, and
 * each process looks for itself, once a second at most, whether the file was renamed away.  Then
 * the new file takes the descriptor's number (dup3(2)), so that a thread that writes meanwhile
 * writes to one of the two, and needs no lock.
 */
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <modus/handler.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct access_log {
	const char *path; /* of the settings; NULL: the service's log */
	int fd;
	dev_t dev; /* of the file; who looks may change them */
	ino_t ino;
	_Atomic int64_t due; /* when to look again */
	atomic_bool looking, lossy, astray;
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Not to be read by all: it tells who was here.  A pipe without a reader is an error, not a wait.
 */
static int open_file(const char *path, struct stat *st)
{
	int fd =
		open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0640);

	*st = (struct stat) { 0 };
	if (fd < 0 || fstat(fd, st) == 0)
		return fd;
	close(fd);
	return -1;
}

static int open_first(struct access_log *l, const char *path)
{
	struct stat st;
	int rc;

	l->path = path;
	l->fd = open_file(path, &st);
	l->dev = st.st_dev;
	l->ino = st.st_ino;
	l->due = now_ms() + LOG_LOOK_MS;
	if (l->fd >= 0)
		return 0;
	rc = -errno;
	modus_log(MODUS_ERROR, "%s: cannot be opened as the access log: %s", path, strerror(-rc));
	return rc;
}

int log_open(const char *path, struct access_log **out)
{
	struct access_log *l;
	int rc;

	*out = NULL;
	if (!*path)
		return 0;
	l = calloc(1, sizeof(*l));
	if (!l)
		return -ENOMEM;
	l->fd = -1;
	rc = strcmp(path, "-") ? open_first(l, path) : 0;
	if (rc)
		free(l);
	else
		*out = l;
	return rc;
}

void log_close(struct access_log *l)
{
	if (!l)
		return;
	if (l->fd >= 0)
		close(l->fd);
	free(l);
}

/* Where there can be no new file, the old one goes on. */
static void open_again(struct access_log *l)
{
	struct stat st;
	int fd = open_file(l->path, &st);

	if (fd < 0) {
		if (!atomic_exchange(&l->astray, true))
			modus_log(MODUS_WARNING, "%s: the access log cannot be opened again: %s",
				  l->path, strerror(errno));
		return;
	}
	if (dup3(fd, l->fd, O_CLOEXEC) == l->fd) {
		l->dev = st.st_dev;
		l->ino = st.st_ino;
		atomic_store(&l->astray, false);
	}
	close(fd);
}

void log_look(struct access_log *l)
{
	int64_t due, now;
	struct stat st;

	if (!l || !l->path)
		return;
	now = now_ms();
	due = atomic_load(&l->due);
	if (now < due || !atomic_compare_exchange_strong(&l->due, &due, now + LOG_LOOK_MS) ||
	    atomic_exchange(&l->looking, true))
		return;
	if (stat(l->path, &st) || st.st_dev != l->dev || st.st_ino != l->ino)
		open_again(l);
	atomic_store(&l->looking, false);
}

void log_write(struct access_log *l, const char *line, size_t n)
{
	ssize_t written;

	if (!l->path) {
		modus_log(MODUS_INFO, "%.*s", (int)n - 1, line);
		return;
	}
	log_look(l);
	written = write(l->fd, line, n);
	if (written == (ssize_t)n)
		atomic_store(&l->lossy, false);
	else if (!atomic_exchange(&l->lossy, true))
		modus_log(MODUS_WARNING, "%s: lines of the access log are lost: %s", l->path,
			  strerror(written < 0 ? errno : ENOSPC));
}
