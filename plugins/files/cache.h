/* SPDX-License-Identifier: MIT */
/*
 * What is known of the directory: resources, what a path is, and contents, the bytes of a file.
 * Both are shared by all requests of a process and live while somebody holds them.  The cache
 * remembers those used last; what it remembers, and what of it is still held by requests when it
 * was forgotten, is no more than its limit.
 */
#ifndef FILES_CACHE_H
#define FILES_CACHE_H

#include "variants.h"

#include <stdint.h>
#include <sys/stat.h>
#include <time.h>

enum { CONTENT_ETAG = 128 };

/* Tells a file's content from any other, as far as the file system does. */
struct identity {
	uint64_t device, inode;
	int64_t size;
	struct timespec modified, changed;
};

struct content { /* of a file, or made of it by a coding; nobody changes it */
	size_t refs, size;
	bool counted;
	bool lasting; /* the file's identity would tell of any later change */
	struct identity of;
	char etag[CONTENT_ETAG];
	char data[];
};

enum coding { CODING_NONE, CODING_GZIP, CODING_BR };

struct variant {
	char *name; /* of the file in the resource's directory */
	struct traits traits;
	enum coding made; /* by us, from the file; traits have it as the encoding */
	int64_t size;     /* about, of what was not made yet */
	struct identity of;
	struct content *content; /* the cache's; NULL: not kept */
};

enum resource_kind { RESOURCE_ABSENT, RESOURCE_FILE, RESOURCE_DIRECTORY, RESOURCE_LISTING };

struct resource { /* but for contents nobody changes it once it is found in the cache */
	enum resource_kind kind;
	int status;   /* of what is absent: 404 or 403 */
	int64_t born; /* ms; when the look at the directory began */
	char *path;   /* of the request */
	char *folder; /* of files: the directory, "" or with a slash at its end, below the root */
	char *name;   /* which was looked for in there */
	size_t count;
	struct variant *variants;
	/* the cache's own */
	size_t refs, counted;
	bool kept;
	struct resource *next, *newer, *older;
};

struct cache;

struct cache *cache_new(size_t limit); /* NULL: no memory */
void cache_free(struct cache *c);      /* nobody holds anything */

struct resource *resource_new(const char *path); /* held once; NULL: no memory */
struct content *content_new(size_t size);        /* likewise; its data is to be filled */

/* What is known of a path, held; perhaps too old.  NULL: nothing. */
struct resource *cache_find(struct cache *c, const char *path);
/* Puts r in the place of old (held, or NULL), whose contents it takes over where the files are
 * still the same ones. */
void cache_keep(struct cache *c, struct resource *r, struct resource *old);
void cache_forget(struct cache *c, struct resource *r);
/* The content of the variant, held; NULL: not kept. */
struct content *cache_content(struct cache *c, struct resource *r, size_t variant);
void cache_keep_content(struct cache *c, struct resource *r, size_t variant,
			struct content *content);
void cache_let_go(struct cache *c, struct resource *r, struct content *content); /* NULL: none */
size_t cache_used(struct cache *c);                                              /* bytes */

bool identity_same(const struct identity *a, const struct identity *b);
void identity_read(struct identity *out, const struct stat *st);

#endif
