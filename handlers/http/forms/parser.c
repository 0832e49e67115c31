/* SPDX-License-Identifier: MIT */
#include "handlers/http/forms/parser.h"

#include <errno.h>

int form_parser_begin(struct form_parser *p, const char *content_type)
{
	const char *parameters;

	p->is_multipart = false;
	if (!content_type)
		return -EOPNOTSUPP;
	if (part_head_behind(content_type, "application/x-www-form-urlencoded")) {
		urlencoded_begin(&p->by.urlencoded);
		return 0;
	}
	parameters = part_head_behind(content_type, "multipart/form-data");
	if (!parameters)
		return -EOPNOTSUPP;
	p->is_multipart = true;
	return multipart_begin(&p->by.multipart, parameters);
}

int form_parser_next(struct form_parser *p, char **at, char *end, struct form_piece *out)
{
	if (p->is_multipart)
		return multipart_next(&p->by.multipart, at, end, out);
	return urlencoded_next(&p->by.urlencoded, at, end, out);
}

int form_parser_end(struct form_parser *p, struct form_piece *out)
{
	if (p->is_multipart)
		return multipart_end(&p->by.multipart);
	return urlencoded_end(&p->by.urlencoded, out);
}

const struct modus_http_part *form_parser_part(const struct form_parser *p)
{
	return p->is_multipart ? &p->by.multipart.head.part : &p->by.urlencoded.part;
}
