/* SPDX-License-Identifier: MIT */
#ifndef FILES_LISTING_H
#define FILES_LISTING_H

#include "files.h"

#include <modus/http.h>

/* Responds with what is in the directory path, below the root: as HTML, or as JSON to who prefers
 * that. */
int listing_respond(struct modus_http *h, const struct files *f, const char *path);

#endif
