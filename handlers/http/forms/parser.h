/* SPDX-License-Identifier: MIT */
/*
 * A form taken apart as it comes, in pieces cut anywhere; reads nothing by itself.  What is found
 * does not depend on the cuts, but for how a value is cut.
 */
#ifndef HTTP_FORMS_PARSER_H
#define HTTP_FORMS_PARSER_H

#include "handlers/http/forms/multipart.h"
#include "handlers/http/forms/urlencoded.h"

struct form_parser {
	bool is_multipart;
	union {
		struct multipart multipart;
		struct urlencoded urlencoded;
	} by;
};

/* 0; -EOPNOTSUPP: this type, which may be NULL, is no form's; -EBADMSG: no usable boundary. */
int form_parser_begin(struct form_parser *p, const char *content_type);
/* What comes next in the body from *at on, which moves on; what lies there may be overwritten. */
int form_parser_next(struct form_parser *p, char **at, char *end, struct form_piece *out);
/* The body ended: what comes yet, until FORM_END, and from then on that. */
int form_parser_end(struct form_parser *p, struct form_piece *out);
/* The part that FORM_PART told of; its texts are good until the next call of the parser. */
const struct modus_http_part *form_parser_part(const struct form_parser *p);

#endif
