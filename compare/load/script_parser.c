/* SPDX-License-Identifier: MIT */
#include "compare/load/script_parser.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int parser_refuse(const struct script_parser *p, const char *what, const char *got,
		  const char *want)
{
	snprintf(p->why, p->size, "%s:%d: %s: got %s, want %s", p->script->name, p->line, what, got,
		 want);
	return -EINVAL;
}

int parser_wrong(const struct script_parser *p, const char *what, const char *want)
{
	char got[32];
	size_t n = strcspn(p->at, " \t\r\n");

	if (!*p->at)
		return parser_refuse(p, what, "the end of the file", want);
	if (*p->at == '\n' || *p->at == '\r')
		return parser_refuse(p, what, "the end of the line", want);
	snprintf(got, sizeof(got), "'%.*s'", (int)(n ? n : 1), p->at);
	return parser_refuse(p, what, got, want);
}

void parser_blanks(struct script_parser *p)
{
	p->at += strspn(p->at, " \t\r");
}

size_t parser_name(struct script_parser *p, const char *what, char name[SCRIPT_NAME + 1])
{
	size_t n = strspn(p->at, "abcdefghijklmnopqrstuvwxyz0123456789_");

	if (!n || n > SCRIPT_NAME || !islower((unsigned char)*p->at)) {
		parser_wrong(p, what, "a name of at most 15 of a-z 0-9 _, a letter first");
		return 0;
	}
	snprintf(name, SCRIPT_NAME + 1, "%.*s", (int)n, p->at);
	p->at += n;
	return n;
}

int parser_number(struct script_parser *p, const char *what, int64_t min, int64_t max, int64_t *n)
{
	const char *digits = p->at + (*p->at == '-');
	char want[64], *end;

	errno = 0;
	*n = strtoll(p->at, &end, 10);
	if (isdigit((unsigned char)*digits) && !errno && *n >= min && *n <= max) {
		p->at = end;
		return 0;
	}
	snprintf(want, sizeof(want), "a whole number from %" PRId64 " to %" PRId64, min, max);
	return parser_wrong(p, what, want);
}
