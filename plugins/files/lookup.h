/* SPDX-License-Identifier: MIT */
/* Looking at the file system, which may take a while: all of it is called in modus_block(). */
#ifndef FILES_LOOKUP_H
#define FILES_LOOKUP_H

#include "files.h"

enum { LOOKUP_VARIANTS = 64 };

/* Opens what is at path, without a slash before it, "" for the root itself: never what is not
 * below the root.  The descriptor, closed at exec, or a negative errno. */
int lookup_open(const struct files *f, const char *path, int flags);
/* 0 or a negative errno. */
int lookup_stat(const struct files *f, const char *path, struct stat *st);
/* Opens a regular file and no other.  The descriptor and *st, or a negative errno. */
int lookup_open_file(const struct files *f, const char *path, struct stat *st);

/* Finds out what r->path is now, and fills r, which is new.  0 or a negative errno; what is absent
 * or forbidden is no failure. */
int lookup(const struct files *f, struct resource *r);

int64_t lookup_clock(void); /* ms, for born */

#endif
