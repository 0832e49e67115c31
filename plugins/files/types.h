/* SPDX-License-Identifier: MIT */
/* Media types by the extensions of names: a mime.types file, or a short list of our own. */
#ifndef FILES_TYPES_H
#define FILES_TYPES_H

#include <stdbool.h>
#include <stddef.h>

struct types;

/* Reads text, n bytes, as lines of a type and its extensions, # begins a comment; what is no type
 * is passed over.  NULL: no memory. */
struct types *types_parse(const char *text, size_t n);
/* Reads the file.  0; -ENOENT: it is not there; another negative errno. */
int types_read(const char *file, struct types **out);
struct types *types_built_in(void); /* NULL: no memory */
void types_free(struct types *t);

/* The type of an extension, n bytes compared without case, until types_free(); NULL: not known. */
const char *types_find(const struct types *t, const char *extension, size_t n);
size_t types_count(const struct types *t);

/* Whether contents of that type are worth compressing. */
bool types_compressible(const char *type);

#endif
