/* SPDX-License-Identifier: MIT */
#ifndef FILES_COMPRESS_H
#define FILES_COMPRESS_H

#include "cache.h"

/* A new content, held once: that of plain, coded.  The same bytes become the same bytes, by
 * whatever process.  0 and *out, or a negative errno. */
int compress_content(enum coding coding, const struct content *plain, struct content **out);

#endif
