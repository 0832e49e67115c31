/* SPDX-License-Identifier: MIT */
/* The bytes of a variant. */
#ifndef FILES_LOAD_H
#define FILES_LOAD_H

#include "files.h"

struct load {
	const struct files *files;
	const struct resource *resource;
	const struct variant *variant;
	/* What came of it: a content, held; or, of a file that is not to be kept in memory, its
	 * descriptor, with what it is. */
	struct content *content;
	int fd; /* or -1 */
	struct identity of;
	char etag[CONTENT_ETAG];
};

/* work of modus_block(), of a struct load.  -ENOENT: the file is there no more. */
int load(void *worker, void *arg);

#endif
