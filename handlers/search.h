/* SPDX-License-Identifier: MIT */
/* Where plugins lie, and whether a file may be trusted to be one. */
#ifndef HANDLERS_SEARCH_H
#define HANDLERS_SEARCH_H

#include <stddef.h>
#include <sys/stat.h>

struct refusal;

/* Writes the file of the plugin type, as loader_open() describes it, to file[size] (of PATH_MAX
 * bytes).  0, or -ENOENT and a sentence that names the directories searched. */
int search_find(const char *type, const char *path, char *file, size_t size, char *why,
		size_t why_size);

/* Whether r->file is a regular file that only its owner can write, in such a directory; a link is
 * looked at with what it leads to.  0 and the file's *st, or -EINVAL and a sentence. */
int search_trust(const struct refusal *r, struct stat *st);

#endif
