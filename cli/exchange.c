/* SPDX-License-Identifier: MIT */
#include "cli/exchange.h"

#include <stdio.h>
#include <stdlib.h>

static void add_header(void *talk, const char *text)
{
	struct http_wish *w = &((struct talk *)talk)->wish.http;

	if (w->header_count < HTTP_HEADERS_MAX)
		w->headers[w->header_count] = text;
	w->header_count++;
}

#define AT(member) .offset = offsetof(struct talk, wish.member)

const struct option_row exchange_rows[] = {
	{ 'f', "script", "FILE",
	  "what is said: send, expect, pause, repeat; docs/comparing.md tells how", OPTION_TEXT,
	  AT(script) },
	{ 0, "send", "TEXT", "the request, with the escapes of scripts", OPTION_TEXT, AT(send) },
	{ 0, "reply", "KIND",
	  "its reply: exact:TEXT, bytes:N, bytes:N:TEXT, prefix:1|2|4, line, line:PATTERN",
	  OPTION_TEXT, AT(reply) },
	{ 0, "http", "/PATH", "HTTP requests for it", OPTION_TEXT, AT(http.path) },
	{ 0, "method", "NAME", "http: of the request (GET; with a body POST)", OPTION_TEXT,
	  AT(http.method) },
	{ 0, "header", "NAME:VALUE", "http: one more in the request; up to 16 times", OPTION_CALL,
	  .set = add_header },
	{ 0, "body", "TEXT|@FILE", "http: of the request", OPTION_TEXT, AT(http.body) },
	{ 0, "expect-body", "FILE", "http: what each body has to be (the first one)", OPTION_TEXT,
	  AT(http.expect_body) },
	{ 0, "any-body", NULL, "http: bodies need not be alike", OPTION_FLAG, AT(http.any_body) },
	{ 0, "status", "N", "http: what each status has to be (200 to 299)", OPTION_NUMBER,
	  AT(http.status), .least = 200, .most = 599 },
	{ 0 },
};

void exchange_read(const struct options *o, struct talk *t)
{
	char why[512];

	if (!talk_read(t, NULL, why, sizeof(why)))
		return;
	fprintf(stderr, "%s: %s\n", o->command, why);
	exit(2);
}
