/* SPDX-License-Identifier: MIT */
#ifndef FILES_CHOOSE_H
#define FILES_CHOOSE_H

#include "files.h"

#include <modus/http.h>

/* The index of the variant of r that this request is served; -ENOENT: none is acceptable. */
int choose_variant(struct modus_http *h, const struct files *f, const struct resource *r);

/* The charset of a variant: its own, or for text that of the settings; NULL: none. */
const char *choose_charset(const struct files *f, const struct variant *v);

#endif
