/* SPDX-License-Identifier: MIT */
/*
 * A body of application/x-www-form-urlencoded, as WHATWG URL has it, but a malformed escape is
 * refused.  A name is gathered, a value is decoded where it lies.
 */
#ifndef HTTP_FORMS_URLENCODED_H
#define HTTP_FORMS_URLENCODED_H

#include "handlers/http/forms/piece.h"

enum { URLENCODED_NAME = 1024 }; /* bytes of a name, decoded */

struct urlencoded {
	struct modus_http_part part;
	int error;
	bool in_value, ended;
	unsigned pairs;
	unsigned digits; /* of an escape, that are to come */
	unsigned byte;   /* what those before them say */
	size_t len;      /* of the name, so far */
	char name[URLENCODED_NAME + 1];
};

void urlencoded_begin(struct urlencoded *u);
/* These as form_parser_next() and form_parser_end(). */
int urlencoded_next(struct urlencoded *u, char **at, char *end, struct form_piece *out);
int urlencoded_end(struct urlencoded *u, struct form_piece *out);

#endif
