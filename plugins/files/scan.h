/* SPDX-License-Identifier: MIT */
/* The files that a resource may be served from.  In modus_block(), too. */
#ifndef FILES_SCAN_H
#define FILES_SCAN_H

#include "files.h"

/* Fills r's variants from its folder and name; st: what the file of exactly that name is, NULL
 * where there is none.  The file itself comes first, others follow by name, each followed by the
 * codings that can be made of it.  0 or a negative errno. */
int scan_files(const struct files *f, struct resource *r, const struct stat *st);

#endif
