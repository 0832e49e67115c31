/* SPDX-License-Identifier: MIT */
/* The head of a response: its status and fields, and how they are written. */
#include "handlers/http/exchange.h"
#include "handlers/http/values/date.h"
#include "handlers/http/values/list.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* ---- The status ---- */

static const struct {
	int status;
	const char *reason;
} reasons[] = {
	{ 100, "Continue" },
	{ 101, "Switching Protocols" },
	{ 103, "Early Hints" },
	{ 200, "OK" },
	{ 201, "Created" },
	{ 202, "Accepted" },
	{ 203, "Non-Authoritative Information" },
	{ 204, "No Content" },
	{ 205, "Reset Content" },
	{ 206, "Partial Content" },
	{ 300, "Multiple Choices" },
	{ 301, "Moved Permanently" },
	{ 302, "Found" },
	{ 303, "See Other" },
	{ 304, "Not Modified" },
	{ 307, "Temporary Redirect" },
	{ 308, "Permanent Redirect" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 406, "Not Acceptable" },
	{ 408, "Request Timeout" },
	{ 409, "Conflict" },
	{ 410, "Gone" },
	{ 411, "Length Required" },
	{ 412, "Precondition Failed" },
	{ 413, "Content Too Large" },
	{ 414, "URI Too Long" },
	{ 415, "Unsupported Media Type" },
	{ 416, "Range Not Satisfiable" },
	{ 417, "Expectation Failed" },
	{ 422, "Unprocessable Content" },
	{ 426, "Upgrade Required" },
	{ 428, "Precondition Required" },
	{ 429, "Too Many Requests" },
	{ 431, "Request Header Fields Too Large" },
	{ 500, "Internal Server Error" },
	{ 501, "Not Implemented" },
	{ 502, "Bad Gateway" },
	{ 503, "Service Unavailable" },
	{ 504, "Gateway Timeout" },
	{ 505, "HTTP Version Not Supported" },
};

const char *http_reason(int status)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "";
}

bool http_status_has_body(int status)
{
	return status >= 200 && status != 204 && status != 304;
}

int modus_http_status(struct modus_http *h, int status)
{
	if (h->reply.begun)
		return -EALREADY;
	if (status < 200 || status > 599)
		return -EINVAL;
	h->reply.status = status;
	return 0;
}

/* ---- Fields ---- */

/* What the framing decides, and nobody else. */
static bool is_ours(const char *name, size_t n)
{
	static const char *const ours[] = { "Connection", "Content-Length", "Date",
					    "Keep-Alive", "Trailer",        "Transfer-Encoding" };

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (strlen(ours[i]) == n && strcasecmp(name, ours[i]) == 0)
			return true;
	return false;
}

static int check(const char *name, const char *value)
{
	size_t n = strlen(name);

	return http_is_token(name, n) && !is_ours(name, n) && http_is_value(value, strlen(value))
		       ? 0
		       : -EINVAL;
}

static char *copy_of(struct modus_http *h, const char *text, size_t n)
{
	char *copy = modus_alloc(h->conn, n + 1);

	return copy ? memcpy(copy, text, n + 1) : NULL;
}

void http_field_remove(struct modus_http *h, const char *name)
{
	struct http_reply *r = &h->reply;
	size_t kept = 0;

	for (size_t i = 0; i < r->field_count; i++)
		if (strcasecmp(r->fields[i].name, name) != 0)
			r->fields[kept++] = r->fields[i];
	r->field_count = kept;
}

static int make_field(struct modus_http *h, const char *name, const char *value,
		      struct http_field *out)
{
	size_t name_len = strlen(name), value_len = strlen(value);

	out->name = copy_of(h, name, name_len);
	out->value = copy_of(h, value, value_len);
	out->name_len = (uint32_t)name_len;
	out->value_len = (uint32_t)value_len;
	return out->name && out->value ? 0 : -ENOMEM;
}

int http_field_set(struct modus_http *h, const char *name, const char *value, bool replace)
{
	struct http_reply *r = &h->reply;
	struct http_field made;
	int rc = r->begun ? -EALREADY : check(name, value);

	if (rc == 0 && !(replace && http_reply_field(h, name)) && r->field_count == HTTP_OUT_FIELDS)
		rc = -ENOSPC;
	if (rc == 0)
		rc = make_field(h, name, value, &made);
	if (rc)
		return rc;
	if (replace)
		http_field_remove(h, name);
	r->fields[r->field_count++] = made;
	return 0;
}

int modus_http_set(struct modus_http *h, const char *name, const char *value)
{
	return http_field_set(h, name, value, true);
}

int modus_http_add(struct modus_http *h, const char *name, const char *value)
{
	return http_field_set(h, name, value, false);
}

int modus_http_setf(struct modus_http *h, const char *name, const char *format, ...)
{
	char value[1024];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(value, sizeof(value), format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= sizeof(value))
		return n < 0 ? -EINVAL : -EMSGSIZE;
	return modus_http_set(h, name, value);
}

const char *http_reply_field(const struct modus_http *h, const char *name)
{
	for (size_t i = 0; i < h->reply.field_count; i++)
		if (strcasecmp(h->reply.fields[i].name, name) == 0)
			return h->reply.fields[i].value;
	return NULL;
}

int modus_http_vary(struct modus_http *h, const char *name)
{
	const char *before = http_reply_field(h, "Vary");

	if (before && (http_list_has(before, name) || http_list_has(before, "*")))
		return 0;
	return before ? modus_http_setf(h, "Vary", "%s, %s", before, name)
		      : modus_http_set(h, "Vary", name);
}

int modus_http_set_length(struct modus_http *h, int64_t bytes)
{
	if (h->reply.begun)
		return -EALREADY;
	if (bytes < 0)
		return -EINVAL;
	h->reply.length = bytes;
	return 0;
}

int modus_http_add_trailer(struct modus_http *h, const char *name, const char *value)
{
	struct http_reply *r = &h->reply;
	int rc = r->ended ? -EALREADY : check(name, value);

	if (rc)
		return rc;
	if (r->trailer_count == sizeof(r->trailers) / sizeof(r->trailers[0]))
		return -ENOSPC;
	rc = make_field(h, name, value, &r->trailers[r->trailer_count]);
	r->trailer_count += rc == 0;
	return rc;
}

int modus_http_hint(struct modus_http *h, const char *link)
{
	if (h->reply.begun)
		return -EALREADY;
	if (!http_is_value(link, strlen(link)))
		return -EINVAL;
	if (h->request.minor == 0)
		return 0; /* HTTP/1.0 knows no interim responses (RFC 9110 15.2) */
	modus_printf(h->conn, "HTTP/1.1 103 Early Hints\r\nLink: %s\r\n\r\n", link);
	return modus_flush(h->conn);
}

void http_reply_reset(struct modus_http *h)
{
	struct http_reply *r = &h->reply;

	r->status = 200;
	r->length = -1;
	r->field_count = r->trailer_count = r->gathered_len = 0;
}
