/* SPDX-License-Identifier: MIT */
/* The head of a part (RFC 7578 4): its lines are gathered, and say what the part is. */
#ifndef HTTP_FORMS_PART_HEAD_H
#define HTTP_FORMS_PART_HEAD_H

#include "handlers/http/forms/piece.h"

enum { PART_HEAD_SIZE = 8192, PART_HEAD_LINES = 32 };

struct part_head {
	struct modus_http_part part; /* its texts lie in text */
	unsigned lines;
	unsigned seen;    /* bits: which of the fields that it knows */
	size_t len, line; /* of text; where the line begins that is being gathered */
	char text[PART_HEAD_SIZE];
};

void part_head_begin(struct part_head *h);
/* Takes no more than the line that *at, which moves on, is in.  1: the head is complete; 0: it goes
 * on; -EBADMSG; -EMSGSIZE. */
int part_head_take(struct part_head *h, char **at, const char *end);

/* If a field's value begins with this word, compared without case, the parameters behind it; else
 * NULL. */
const char *part_head_behind(const char *value, const char *word);

#endif
