/* SPDX-License-Identifier: MIT */
/* What both kinds of forms are taken apart into. */
#ifndef HTTP_FORMS_PIECE_H
#define HTTP_FORMS_PIECE_H

#include <modus/http.h>

enum { FORM_PARTS = 1000 }; /* more are refused */

/* What a parser tells; a negative errno sticks. */
enum form_event {
	FORM_MORE, /* nothing: all that there was is taken */
	FORM_PART, /* a part begins */
	FORM_DATA, /* some of its value */
	FORM_DONE, /* its value ends */
	FORM_END,  /* there are no more parts */
};

struct form_piece { /* of a value; good until the next call of the parser */
	const char *data;
	size_t n;
};

#endif
