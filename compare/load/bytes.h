/* SPDX-License-Identifier: MIT */
/*
 * A request that is always the same, and what each of its replies has to be.  Texts have the
 * escapes of scripts, and lines their patterns; docs/comparing.md tells how both are written.
 */
#ifndef COMPARE_BYTES_H
#define COMPARE_BYTES_H

#include "compare/load/script.h"

enum bytes_kind {
	BYTES_ANY,      /* size bytes, whichever */
	BYTES_REPEATED, /* size bytes, which are a text over and over */
	BYTES_PREFIXED, /* a length of size bytes, big endian, and as many bytes as it says */
	BYTES_LINE,     /* all up to the end of a line */
};

/* A text, repeated so often that what is long can be sent and compared in large pieces. */
struct bytes_block {
	char *bytes;
	size_t size, room; /* of the text once, of all */
};

struct bytes {
	struct bytes_block request; /* size 0: the server speaks unasked */
	enum bytes_kind kind;
	size_t size;
	struct bytes_block text;    /* of what is repeated */
	struct script *script;      /* holds the pattern */
	struct script_text pattern; /* of a line; count 0: any */
	char reply[80];             /* how it was asked for, cut where it is long */
};

/* Reads both texts; send may be NULL or empty.  0, or a negative errno and a sentence in why.
 * bytes_free() in any case. */
int bytes_read(struct bytes *b, const char *send, const char *reply, char *why, size_t size);
void bytes_free(struct bytes *b);

#endif
