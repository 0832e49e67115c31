/* SPDX-License-Identifier: MIT */
#include "scan.h"

#include "lookup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CODINGS = 2, ROOM = LOOKUP_VARIANTS * (1 + CODINGS) };

static const struct coded {
	enum coding coding;
	const char *extension, *name;
	int64_t shrinks; /* how much, about: of what is equal, the least is sent */
} codings[CODINGS] = {
	{ CODING_BR, "br", "br", 4 },
	{ CODING_GZIP, "gz", "gzip", 3 },
};

/* Appends a variant, for which there is room. */
static int append(struct resource *r, const char *name, const struct traits *traits,
		  const struct stat *st)
{
	struct variant *v = &r->variants[r->count];

	memset(v, 0, sizeof(*v));
	v->name = strdup(name);
	if (!v->name)
		return -ENOMEM;
	v->traits = *traits;
	identity_read(&v->of, st);
	r->count++;
	return 0;
}

/* What is wrong with one file among several is not wrong with all, but for what is short here. */
static bool is_shortage(int rc)
{
	return rc && files_status(-rc) != 404 && files_status(-rc) != 403;
}

/* Appends the file of that name if it is one. */
static int append_file(const struct files *f, struct resource *r, const char *name,
		       const struct traits *traits)
{
	struct stat st;
	char *path;
	int rc;

	if (asprintf(&path, "%s%s", r->folder, name) < 0)
		return -ENOMEM;
	rc = lookup_stat(f, path, &st);
	free(path);
	if (!rc && S_ISREG(st.st_mode))
		return append(r, name, traits, &st);
	return is_shortage(rc) ? rc : 0;
}

/* FILE.br and FILE.gz beside FILE. */
static int append_precompressed(const struct files *f, struct resource *r)
{
	struct traits traits = r->variants[0].traits;
	char *name;
	int rc = 0;

	for (int i = 0; i < CODINGS && !rc; i++) {
		if (asprintf(&name, "%s.%s", r->name, codings[i].extension) < 0)
			return -ENOMEM;
		traits.encoding = codings[i].name;
		rc = append_file(f, r, name, &traits);
		free(name);
	}
	return rc;
}

/* ---- Variants by their names ---- */

static bool is_other(const struct files *f, const struct resource *r, const char *name,
		     struct traits *traits)
{
	return strlen(name) <= NAME_MAX && (r->count == 0 || strcmp(name, r->name) != 0) &&
	       variants_read(f->types, r->name, name, traits) &&
	       (!traits->encoding || f->set->precompressed);
}

static int compare(const void *one, const void *other)
{
	char *const *a = one, *const *b = other;

	return strcmp(*a, *b);
}

/* The names of those that there may be, as many as *n said at most; which are *n then. */
static int collect(const struct files *f, const struct resource *r, DIR *d, char **names, size_t *n)
{
	size_t most = *n;
	struct traits traits;
	struct dirent *entry;

	*n = 0;
	while (*n < most) {
		errno = 0;
		entry = readdir(d);
		if (!entry)
			return -errno;
		if (!is_other(f, r, entry->d_name, &traits))
			continue;
		names[*n] = strdup(entry->d_name);
		if (!names[*n])
			return -ENOMEM;
		++*n;
	}
	return 0;
}

/* What the file of exactly that name is, its codings are, too. */
static void agree(const struct resource *r, const char *name, struct traits *traits)
{
	char decoded[NAME_MAX + 1];
	const char *encoding = traits->encoding;

	variants_decoded(name, decoded);
	if (r->count == 0 || strcmp(r->variants[0].name, r->name) != 0 ||
	    strcmp(decoded, r->name) != 0)
		return;
	*traits = r->variants[0].traits;
	traits->encoding = encoding;
}

static int scan(const struct files *f, struct resource *r, DIR *d)
{
	char *names[LOOKUP_VARIANTS];
	size_t n = LOOKUP_VARIANTS - r->count;
	struct traits traits;
	int rc = collect(f, r, d, names, &n);

	qsort(names, n, sizeof(*names), compare);
	for (size_t i = 0; i < n; i++) {
		if (!rc && is_other(f, r, names[i], &traits)) {
			agree(r, names[i], &traits);
			rc = append_file(f, r, names[i], &traits);
		}
		free(names[i]);
	}
	return rc;
}

/* A folder that may be entered, but not read, shows no other names. */
static int append_others(const struct files *f, struct resource *r)
{
	int fd = lookup_open(f, r->folder, O_RDONLY | O_DIRECTORY), rc;
	DIR *d;

	if (fd < 0 && is_shortage(fd))
		return fd;
	if (fd < 0)
		return r->count && f->set->precompressed ? append_precompressed(f, r) : 0;
	d = fdopendir(fd);
	if (!d) {
		rc = -errno;
		close(fd);
		return rc;
	}
	rc = scan(f, r, d);
	closedir(d);
	return rc;
}

/* ---- Codings made of them ---- */

static bool has(const struct resource *r, const struct variant *like, const char *encoding)
{
	const struct variant *v = r->variants;

	for (size_t i = 0; i < r->count; i++)
		if (v[i].traits.encoding && !strcmp(v[i].traits.encoding, encoding) &&
		    v[i].traits.type == like->traits.type &&
		    v[i].traits.charset == like->traits.charset &&
		    !strcmp(v[i].traits.language, like->traits.language))
			return true;
	return false;
}

static bool worth_it(const struct files_settings *set, const struct variant *v)
{
	return !v->traits.encoding && v->traits.type && types_compressible(v->traits.type) &&
	       v->of.size >= set->compress_min && v->of.size <= set->compress_max;
}

static int append_coding(struct resource *r, size_t of, const struct coded *coding)
{
	struct variant *v = &r->variants[r->count];

	if (has(r, &r->variants[of], coding->name))
		return 0;
	*v = r->variants[of];
	v->name = strdup(v->name);
	if (!v->name)
		return -ENOMEM;
	v->traits.encoding = coding->name;
	v->made = coding->coding;
	v->size = v->of.size / coding->shrinks + 1;
	r->count++;
	return 0;
}

static int append_codings(const struct files *f, struct resource *r)
{
	size_t n = r->count;
	int rc = 0;

	for (size_t i = 0; i < n && f->set->compress; i++)
		for (int j = 0; j < CODINGS && !rc && worth_it(f->set, &r->variants[i]); j++)
			rc = append_coding(r, i, &codings[j]);
	return rc;
}

/* ---- */

/* Gives back the room that is not needed. */
static void shrink(struct resource *r)
{
	struct variant *v;

	if (r->count == 0) {
		free(r->variants);
		r->variants = NULL;
		return;
	}
	v = reallocarray(r->variants, r->count, sizeof(*v));
	if (v)
		r->variants = v;
}

int scan_files(const struct files *f, struct resource *r, const struct stat *st)
{
	struct traits traits;
	int rc = 0;

	r->variants = reallocarray(NULL, ROOM, sizeof(*r->variants));
	if (!r->variants)
		return -ENOMEM;
	if (st) {
		variants_exact(f->types, r->name, &traits);
		rc = append(r, r->name, &traits, st);
	}
	if (!rc && f->set->negotiate && variants_possible(r->name) && (!st || strchr(r->name, '.')))
		rc = append_others(f, r);
	else if (!rc && st && f->set->precompressed)
		rc = append_precompressed(f, r);
	rc = rc ? rc : append_codings(f, r);
	shrink(r);
	return rc;
}
