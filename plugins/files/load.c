/* SPDX-License-Identifier: MIT */
/*
 * Validators and bytes have to belong together.  A file system notes changes by a clock that ticks
 * every few milliseconds: of a file that has been changed in this very tick, the next change would
 * not show.  So one that was changed just now is given the time to age; one that is being written
 * all the time gets an entity-tag that is weak, and of this moment only.
 */
#include "load.h"

#include "compress.h"
#include "lookup.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { TICK_NS = 20000000, NAP_NS = 32000000, NS_PER_S = 1000000000, TRIES = 3 };

static int64_t nanoseconds(struct timespec t)
{
	return (int64_t)((uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec);
}

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME_COARSE, &t);
	return nanoseconds(t);
}

static int64_t age(const struct stat *st)
{
	return now() - nanoseconds(st->st_ctim);
}

/* A little longer than need be, for our clock ticks, too. */
static void nap(void)
{
	struct timespec t = { 0, NAP_NS };

	while (nanosleep(&t, &t) && errno == EINTR)
		continue;
}

/* Whether *st, of fd, will tell of any later change. */
static int settle(int fd, struct stat *st, bool *lasting)
{
	if (age(st) < TICK_NS) {
		nap();
		if (fstat(fd, st))
			return -errno;
	}
	*lasting = age(st) >= TICK_NS;
	return 0;
}

static void write_etag(char out[CONTENT_ETAG], const struct identity *of, const char *encoding,
		       bool lasting)
{
	char moment[24] = "";

	if (!lasting)
		snprintf(moment, sizeof(moment), "-%" PRIx64, (uint64_t)now());
	snprintf(out, CONTENT_ETAG, "%s\"%" PRIx64 "-%" PRIx64 "-%" PRIx64 "-%" PRIx64 "%s%s%s\"",
		 lasting ? "" : "W/", (uint64_t)of->size, (uint64_t)nanoseconds(of->modified),
		 (uint64_t)nanoseconds(of->changed), of->inode, moment, encoding ? "-" : "",
		 encoding ? encoding : "");
}

/* Reads as much as there is, up to the content's size, which is then how much that was. */
static int fill(int fd, struct content *content)
{
	size_t have = 0;
	ssize_t got = 1;

	while (have < content->size && got > 0) {
		got = pread(fd, content->data + have, content->size - have, (off_t)have);
		if (got < 0 && errno != EINTR)
			return -errno;
		have += got > 0 ? (size_t)got : 0;
		got = got < 0 ? 1 : got;
	}
	content->size = have;
	return 0;
}

/* One reading of fd, which *st is of; *st is renewed, and *same says whether nothing changed. */
static int read_once(int fd, struct stat *st, bool *same, struct content **out)
{
	struct identity before, after;
	struct content *content = content_new((size_t)st->st_size);
	int rc = content ? fill(fd, content) : -ENOMEM;

	identity_read(&before, st);
	if (!rc && fstat(fd, st))
		rc = -errno;
	if (rc) {
		free(content);
		return rc;
	}
	identity_read(&after, st);
	*same = identity_same(&before, &after);
	content->of = after;
	*out = content;
	return 0;
}

/* Reads until a reading was not disturbed, but not for ever. */
static int read_content(int fd, struct stat *st, bool lasting, struct content **out)
{
	bool same = false;
	int rc;

	for (int i = 0; i < TRIES; i++) {
		rc = read_once(fd, st, &same, out);
		if (rc || same)
			break;
		if (i + 1 < TRIES) {
			free(*out);
			*out = NULL;
		}
	}
	if (!rc)
		(*out)->lasting = lasting && same;
	return rc;
}

static int code(struct load *l)
{
	struct content *plain = l->content, *coded;
	int rc = compress_content(l->variant->made, plain, &coded);

	free(plain);
	l->content = rc ? NULL : coded;
	return rc;
}

/* What is changed so much that it would not be compressed any more, is no such variant. */
static bool fits(const struct load *l, const struct stat *st)
{
	const struct files_settings *set = l->files->set;

	if (l->variant->made)
		return st->st_size <= set->compress_max;
	return set->cache > 0 && st->st_size <= set->cache_file;
}

static int load_content(struct load *l, int fd, struct stat *st, bool lasting)
{
	int rc = read_content(fd, st, lasting, &l->content);

	if (!rc && l->variant->made)
		rc = code(l);
	if (!rc)
		write_etag(l->content->etag, &l->content->of, l->variant->traits.encoding,
			   l->content->lasting);
	return rc;
}

static int load_file(struct load *l, int fd, struct stat *st)
{
	bool lasting = false;
	int rc = settle(fd, st, &lasting);

	if (rc)
		return rc;
	if (fits(l, st))
		return load_content(l, fd, st, lasting);
	if (l->variant->made)
		return -ENOENT;
	identity_read(&l->of, st);
	write_etag(l->etag, &l->of, l->variant->traits.encoding, lasting);
	l->fd = fd;
	return 0;
}

int load(void *worker, void *arg)
{
	struct load *l = arg;
	struct stat st;
	char *path;
	int fd, rc;

	if (asprintf(&path, "%s%s", l->resource->folder, l->variant->name) < 0)
		return -ENOMEM;
	fd = lookup_open_file(l->files, path, &st);
	free(path);
	if (fd < 0)
		return fd;
	rc = load_file(l, fd, &st);
	if (l->fd != fd)
		close(fd);
	return rc;
}
