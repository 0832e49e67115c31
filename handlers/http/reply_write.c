/* SPDX-License-Identifier: MIT */
/* Writes the head of a response: all of it gathered into one piece first. */
#include "handlers/http/exchange.h"
#include "handlers/http/values/date.h"

#include <errno.h>
#include <string.h>
#include <time.h>

enum { FIXED = 256 }; /* bytes of what is no field of the application */

static char *put(char *at, const char *text, size_t n)
{
	memcpy(at, text, n);
	return at + n;
}

#define PUT(at, text) put(at, text, sizeof(text) - 1)

static char *put_number(char *at, int64_t n)
{
	char digits[20];
	int len = 0;

	do
		digits[len++] = (char)('0' + n % 10);
	while ((n /= 10) > 0);
	while (len > 0)
		*at++ = digits[--len];
	return at;
}

/* Written once a second by each thread; no call in here waits, so it stays on its thread. */
static char *put_date(char *at)
{
	static _Thread_local struct {
		time_t second;
		char text[HTTP_DATE_SIZE];
	} last;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME_COARSE, &now);
	if (now.tv_sec != last.second) {
		http_date_write(last.text, now.tv_sec);
		last.second = now.tv_sec;
	}
	at = PUT(at, "\r\nDate: ");
	return put(at, last.text, HTTP_DATE_SIZE - 1);
}

static char *put_status(char *at, int status)
{
	const char *reason;

	if (status == 200)
		return PUT(at, "HTTP/1.1 200 OK");
	reason = http_reason(status);
	at = PUT(at, "HTTP/1.1 ");
	at = put_number(at, status);
	*at++ = ' ';
	return put(at, reason, strlen(reason));
}

static char *put_framing(char *at, const struct modus_http *h, enum http_framing framing,
			 int64_t length)
{
	if (framing == HTTP_LENGTH) {
		at = PUT(at, "\r\nContent-Length: ");
		at = put_number(at, length);
	} else if (framing == HTTP_CHUNKED) {
		at = PUT(at, "\r\nTransfer-Encoding: chunked");
	}
	if (!h->request.keep)
		return PUT(at, "\r\nConnection: close");
	return h->request.minor > 0 ? at : PUT(at, "\r\nConnection: keep-alive");
}

static size_t size_of(const struct http_reply *r)
{
	size_t size = FIXED;

	for (size_t i = 0; i < r->field_count; i++)
		size += r->fields[i].name_len + r->fields[i].value_len + 4;
	return size;
}

static char *put_fields(char *at, const struct http_reply *r)
{
	for (size_t i = 0; i < r->field_count; i++) {
		at = PUT(at, "\r\n");
		at = put(at, r->fields[i].name, r->fields[i].name_len);
		at = PUT(at, ": ");
		at = put(at, r->fields[i].value, r->fields[i].value_len);
	}
	return at;
}

int http_head_write(struct modus_http *h, enum http_framing framing, int64_t length)
{
	char some[1024], *head = some, *at;
	size_t size = size_of(&h->reply);

	if (size > sizeof(some))
		head = modus_alloc(h->conn, size);
	if (!head)
		return -ENOMEM;
	h->request.keep = h->request.keep && http_body_will_end(h) && !modus_draining(h->conn) &&
			  h->session->requests < (uint64_t)h->limits->requests;
	at = put_status(head, h->reply.status);
	at = put_date(at);
	at = put_fields(at, &h->reply);
	at = put_framing(at, h, framing, length);
	at = PUT(at, "\r\n\r\n");
	return modus_write(h->conn, head, (size_t)(at - head));
}
