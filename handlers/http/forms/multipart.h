/* SPDX-License-Identifier: MIT */
/*
 * A body of multipart/form-data (RFC 7578, RFC 2046 5.1).  Strict: lines end with CR LF, each part
 * has one name, the close delimiter must come.  What begins as a delimiter and goes on as none, as
 * with a longer boundary, is data.
 */
#ifndef HTTP_FORMS_MULTIPART_H
#define HTTP_FORMS_MULTIPART_H

#include "handlers/http/forms/part_head.h"

enum { MULTIPART_BOUNDARY = 70 };

enum multipart_state {
	MULTIPART_PREAMBLE,
	MULTIPART_VALUE,
	MULTIPART_PADDING, /* blanks after a delimiter */
	MULTIPART_LF,      /* after these and a CR */
	MULTIPART_HEAD,
	MULTIPART_EPILOGUE,
};

struct multipart {
	enum multipart_state state;
	int error;
	bool closing; /* the delimiter is the last one */
	unsigned parts;
	size_t matched; /* bytes of the delimiter that are seen, and perhaps a dash behind it */
	size_t before; /* how many of these are no data, whatever comes: they ended a line before */
	size_t delimiter_len;
	char delimiter[2 + 2 + MULTIPART_BOUNDARY + 2]; /* CR LF, dashes, boundary; then a dash */
	struct part_head head;
};

/* From a media type's parameters.  0; -EBADMSG: there is no usable boundary. */
int multipart_begin(struct multipart *m, const char *parameters);
/* These as form_parser_next() and form_parser_end(). */
int multipart_next(struct multipart *m, char **at, const char *end, struct form_piece *out);
int multipart_end(struct multipart *m);

#endif
