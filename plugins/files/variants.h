/* SPDX-License-Identifier: MIT */
/*
 * What names of files say: "page.de.html.gz" is page, in German, as HTML, coded by gzip.  What
 * stands before the first dot is the base, what follows are extensions: an encoding (gz, br), a
 * charset, a media type or a language (two or three letters, perhaps with subtags, RFC 5646).
 */
#ifndef FILES_VARIANTS_H
#define FILES_VARIANTS_H

#include "types.h"

enum { VARIANT_LANGUAGE = 36 };

struct traits {
	const char *type;                /* as types_find() returned it; NULL: not known */
	const char *charset;             /* NULL: none is said */
	const char *encoding;            /* "gzip", "br"; NULL: none */
	char language[VARIANT_LANGUAGE]; /* "": none */
};

/* Of a file that was asked for by its whole name: from its end as far as extensions are known.
 * A last one that is an encoding is its type, for the file as it lies there is what is wanted. */
void variants_exact(const struct types *t, const char *name, struct traits *out);

/* Whether the file name is a variant of wanted: of the same base, with all extensions of wanted in
 * their order, and of others only known ones, none of a kind that there is already. */
bool variants_read(const struct types *t, const char *wanted, const char *name, struct traits *out);

/* Whether a name may have variants: it has a base, no empty extension, and does not
 * end with an encoding. */
bool variants_possible(const char *wanted);

/* Writes name without its extensions of encodings, which out has room for. */
void variants_decoded(const char *name, char *out);

#endif
