/* SPDX-License-Identifier: MIT */
#include "compare/load/company.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double MOST = 1000000;

const char *const company_names[COMPANY_KINDS] = {
	[COMPANY_SILENT] = "silent", [COMPANY_TRICKLE] = "trickle", [COMPANY_SLOW] = "slow",
	[COMPANY_RESET] = "reset",   [COMPANY_HALF] = "half",       [COMPANY_HERD] = "herd",
};

/* Where the name of a kind ends with =; -1: there is none. */
static int find_kind(const char *text)
{
	size_t n = strcspn(text, "=");

	for (int i = 0; i < COMPANY_KINDS; i++)
		if (text[n] == '=' && strlen(company_names[i]) == n &&
		    !strncmp(company_names[i], text, n))
			return i;
	return -1;
}

/* Reads one of them; what follows it, or NULL. */
static const char *read_one(struct company *c, const char *text)
{
	int kind = find_kind(text);
	char *end;

	if (kind < 0)
		return NULL;
	text += strlen(company_names[kind]) + 1;
	c->number[kind] = strtod(text, &end);
	c->share[kind] = *end == '%';
	end += *end == '%';
	if (!isdigit((unsigned char)*text) || !(c->number[kind] <= MOST) || (*end && *end != ','))
		return NULL;
	if (!c->share[kind] && c->number[kind] != (unsigned)c->number[kind])
		return NULL;
	return end;
}

int company_read(struct company *c, const char *text, char *why, size_t size)
{
	const char *at = text;

	*c = (struct company) { 0 };
	do {
		const char *end = read_one(c, at);

		if (!end) {
			snprintf(why, size,
				 "company: got '%.60s', want KIND=NUMBER or KIND=SHARE%%, KIND one "
				 "of silent, trickle, slow, reset, half, herd",
				 at);
			return -EINVAL;
		}
		at = end + 1;
	} while (at[-1]);
	return 0;
}

unsigned company_clients(const struct company *c, enum company_kind kind, unsigned connections)
{
	double n = c->share[kind] ? c->number[kind] * connections / 100 : c->number[kind];

	return (unsigned)((n < MOST ? n : MOST) + 0.5);
}

unsigned company_size(const struct company *c, unsigned connections)
{
	unsigned sum = 0;

	for (int i = 0; i < COMPANY_KINDS; i++)
		sum += company_clients(c, (enum company_kind)i, connections);
	return sum;
}

void company_add(struct company_count into[COMPANY_KINDS],
		 const struct company_count from[COMPANY_KINDS])
{
	for (int i = 0; i < COMPANY_KINDS; i++) {
		into[i].asked += from[i].asked;
		into[i].opened += from[i].opened;
		into[i].heard += from[i].heard;
		into[i].thrown += from[i].thrown;
		into[i].refused += from[i].refused;
	}
}
