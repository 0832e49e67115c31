/* SPDX-License-Identifier: MIT */
/* Within the reading of a script: where it is, and how what is wrong there is told. */
#ifndef COMPARE_SCRIPT_PARSER_H
#define COMPARE_SCRIPT_PARSER_H

#include "compare/load/script.h"

struct script_parser {
	struct script *script;
	const char *at; /* never beyond the line's end, "\n" or "" */
	int line;
	char *why;
	size_t size;
	uint32_t pooled;                   /* bytes of the pool that are used */
	uint32_t blocks[SCRIPT_DEPTH + 1]; /* the first steps of those that are open */
	int opened[SCRIPT_DEPTH + 1];      /* and their lines */
	unsigned depth;
	bool once;                                             /* the outermost of them is once */
	enum { AFTER_NOTHING, AFTER_SAID, AFTER_HEARD } after; /* what the last step did */
	bool request;                                          /* it belongs to a request */
	bool sends;                                            /* there is one outside once */
};

/* Both say it as file:line: what: got..., want..., and return -EINVAL; the first with what is at
 * the place in the line. */
int parser_wrong(const struct script_parser *p, const char *what, const char *want);
int parser_refuse(const struct script_parser *p, const char *what, const char *got,
		  const char *want);

void parser_blanks(struct script_parser *p); /* skips them */
/* A lower-case name, at most SCRIPT_NAME bytes: its length, 0 if there is none, which is said. */
size_t parser_name(struct script_parser *p, const char *what, char name[SCRIPT_NAME + 1]);
int parser_number(struct script_parser *p, const char *what, int64_t min, int64_t max, int64_t *n);

/* A text in quotes, or a pattern. */
enum script_quoted { QUOTED_TEXT, QUOTED_PATTERN, QUOTED_END };
int parser_quoted(struct script_parser *p, enum script_quoted kind, struct script_text *t);

#endif
