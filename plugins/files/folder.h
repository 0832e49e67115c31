/* SPDX-License-Identifier: MIT */
/* What a directory has that may be seen. */
#ifndef FILES_FOLDER_H
#define FILES_FOLDER_H

#include "files.h"

enum { FOLDER_MAX = 10000 };

struct folder_entry {
	char *name;
	bool folder;
	int64_t size;
	time_t modified;
};

struct folder {
	const struct files *files;
	const char *path; /* below the root, "" or with a slash at its end */
	/* What came of it. */
	size_t count, room;
	struct folder_entry *entries; /* folders first, by name */
	bool cut;                     /* there are more than FOLDER_MAX */
};

/* work of modus_block(), of a struct folder.  What came is freed by folder_free(), also after a
 * failure. */
int folder_read(void *worker, void *arg);
void folder_free(struct folder *of);

#endif
