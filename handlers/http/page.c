/* SPDX-License-Identifier: MIT */
/* Responses that are made here: error pages, in the form that the client likes best, and redirects.
 */
#include "handlers/http/exchange.h"
#include "handlers/http/values/choose.h"
#include "handlers/http/values/list.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { PLAIN, HTML, PROBLEM };

static const struct modus_http_variant forms[] = {
	[PLAIN] = { .type = "text/plain", .charset = "utf-8" },
	[HTML] = { .type = "text/html", .charset = "utf-8" },
	[PROBLEM] = { .type = "application/problem+json" },
};

static int form_of(struct modus_http *h)
{
	struct http_wishes wishes = { .type = modus_http_field(h, "Accept") };
	unsigned by;
	int form = http_choose(&wishes, forms, sizeof(forms) / sizeof(forms[0]), &by);

	return form < 0 ? PLAIN : form;
}

static void write_html(struct modus_http *h, int status, const char *detail)
{
	modus_http_printf(h,
			  "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">"
			  "<meta name=\"viewport\" content=\"width=device-width\">"
			  "<meta name=\"color-scheme\" content=\"light dark\">\n"
			  "<title>%d %s</title>\n"
			  "<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;"
			  "margin:12vh auto;padding:0 1rem}h1{font-size:1.5rem}</style>\n"
			  "<h1>%d %s</h1>\n",
			  status, http_reason(status), status, http_reason(status));
	if (*detail) {
		modus_http_puts(h, "<p>");
		modus_http_escape(h, detail);
		modus_http_puts(h, "</p>\n");
	}
}

/* A string of JSON, with its quotes; bytes that are no ASCII stay as they are. */
static void write_json(struct modus_http *h, const char *text)
{
	modus_http_puts(h, "\"");
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < 0x20 || c == 0x7f)
			modus_http_printf(h, "\\u%04x", c);
		else if (c == '"' || c == '\\')
			modus_http_printf(h, "\\%c", c);
		else
			modus_http_write(h, text, 1);
	}
	modus_http_puts(h, "\"");
}

/* RFC 9457 */
static void write_problem(struct modus_http *h, int status, const char *detail)
{
	modus_http_printf(h, "{\"status\":%d,\"title\":", status);
	write_json(h, http_reason(status));
	if (*detail) {
		modus_http_puts(h, ",\"detail\":");
		write_json(h, detail);
	}
	modus_http_puts(h, "}\n");
}

static void write_plain(struct modus_http *h, int status, const char *detail)
{
	modus_http_printf(h, "%d %s\n", status, http_reason(status));
	if (*detail)
		modus_http_printf(h, "%s\n", detail);
}

/* That holds of an error page, too; how long something is fresh does not. */
static bool may_not_be_stored(const char *cache_control)
{
	return http_list_has(cache_control, "no-store") || http_list_has(cache_control, "private");
}

int http_page(struct modus_http *h, int status, const char *detail)
{
	static const char *const of_another[] = { "Content-Disposition",
						  "Content-Encoding",
						  "Content-Language",
						  "Content-Location",
						  "ETag",
						  "Last-Modified" };
	int form = form_of(h);

	for (size_t i = 0; i < sizeof(of_another) / sizeof(of_another[0]); i++)
		http_field_remove(h, of_another[i]); /* they were said of what is not sent */
	if (!may_not_be_stored(http_reply_field(h, "Cache-Control")))
		http_field_remove(h, "Cache-Control");
	modus_http_vary(h, "Accept");
	h->reply.status = status;
	h->reply.length = -1;
	h->reply.gathered_len = h->reply.trailer_count = 0;
	modus_http_set(h, "Content-Type",
		       form == PLAIN  ? "text/plain; charset=utf-8"
		       : form == HTML ? "text/html; charset=utf-8"
				      : forms[PROBLEM].type);
	if (form == HTML)
		write_html(h, status, detail);
	else if (form == PROBLEM)
		write_problem(h, status, detail);
	else
		write_plain(h, status, detail);
	return h->reply.failed;
}

int modus_http_error(struct modus_http *h, int status, const char *format, ...)
{
	char detail[512];
	va_list args;

	if (h->reply.begun)
		return -EALREADY;
	va_start(args, format);
	vsnprintf(detail, sizeof(detail), format, args);
	va_end(args);
	return http_page(h, status, detail);
}

int modus_http_redirect(struct modus_http *h, int status, const char *location)
{
	int rc = modus_http_set(h, "Location", location);

	if (rc)
		return rc;
	return modus_http_error(h, status, "%s", location);
}
