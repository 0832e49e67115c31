/* SPDX-License-Identifier: MIT */
/* Makes the request that a user wishes to be sent. */
#include "compare/load/http.h"

#include "compare/load/load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char scheme[] = "http://";

bool http_is(const char *target)
{
	return !strncmp(target, scheme, strlen(scheme));
}

static int read_open(FILE *f, struct http_text *t)
{
	size_t room = 4096;

	for (;;) {
		char *more = realloc(t->bytes, room);

		if (!more)
			return -ENOMEM;
		t->bytes = more;
		t->size += fread(t->bytes + t->size, 1, room - t->size, f);
		if (ferror(f))
			return -EIO;
		if (t->size > HTTP_BODY_MAX)
			return -EFBIG;
		if (t->size < room)
			return 0;
		room *= 2;
	}
}

static int read_file(const char *path, struct http_text *t, char *why, size_t size)
{
	FILE *f = fopen(path, "re");
	int err = f ? read_open(f, t) : -errno;

	if (f)
		fclose(f);
	if (err)
		snprintf(why, size, "%s: cannot be read: %s", path, strerror(-err));
	return err;
}

static int read_body(struct http *h, const char *body, char *why, size_t size)
{
	if (!body)
		return 0;
	if (*body == '@')
		return read_file(body + 1, &h->body, why, size);
	h->body = (struct http_text) { .bytes = strdup(body), .size = strlen(body) };
	return h->body.bytes ? 0 : -ENOMEM;
}

/* host:port, or host alone, whose port is 80. */
static int read_authority(struct http *h, const char *text, int n, char *why, size_t size)
{
	const char *bracket = memchr(text, ']', (size_t)n), *from = bracket ? bracket : text;
	bool port = memchr(from, ':', (size_t)(text + n - from));
	struct address a;
	int wrote = snprintf(h->address, sizeof(h->address), "tcp://%.*s%s", n, text,
			     port ? "" : ":80");
	int err = wrote < (int)sizeof(h->address) ? address_parse(h->address, &a) : -EINVAL;

	if (err)
		snprintf(why, size, "target: got 'http://%.*s', want %s", n < 80 ? n : 80, text,
			 err == -ENOENT ? "a number for the host, not a name"
					: "http://host:port/path");
	return err;
}

static int make_request(struct http *h, enum load_mode mode, const char *authority, int n,
			const char *path)
{
	struct http_text *t = &h->request[mode];
	char length[64] = "", *to;
	int head;

	if (h->body.bytes)
		snprintf(length, sizeof(length), "Content-Length: %zu\r\n", h->body.size);
	head = asprintf(&to, "%s %s%s HTTP/1.1\r\nHost: %.*s\r\n%s%s\r\n",
			h->body.bytes ? "POST" : "GET", *path == '/' ? "" : "/", path, n, authority,
			length, mode == LOAD_CLOSE ? "Connection: close\r\n" : "");
	if (head < 0)
		return -ENOMEM;
	*t = (struct http_text) { .bytes = realloc(to, (size_t)head + h->body.size) };
	if (!t->bytes) {
		free(to);
		return -ENOMEM;
	}
	t->size = (size_t)head + h->body.size;
	if (h->body.bytes)
		memcpy(t->bytes + head, h->body.bytes, h->body.size);
	return 0;
}

static int read_target(struct http *h, const char *target, char *why, size_t size)
{
	const char *authority = target + strlen(scheme), *path;
	int n = (int)strcspn(authority, "/?"), err;

	path = authority + n;
	if (strlen(target) > HTTP_TARGET_MAX) {
		snprintf(why, size, "target: got a longer one, want at most %d bytes",
			 HTTP_TARGET_MAX);
		return -EINVAL;
	}
	for (const char *at = path; *at; at++) {
		if (*at > ' ' && *at < 0x7f && *at != '#')
			continue;
		snprintf(why, size, "target: got '%.80s', want a path without blanks and #", path);
		return -EINVAL;
	}
	err = read_authority(h, authority, n, why, size);
	for (int mode = LOAD_KEEP; !err && mode <= LOAD_CLOSE; mode++)
		err = make_request(h, mode, authority, n, path);
	snprintf(h->name, sizeof(h->name), "%s %s%s", h->body.bytes ? "POST" : "GET",
		 *path == '/' ? "" : "/", path);
	return err;
}

int http_read(struct http *h, const struct http_wish *w, char *why, size_t size)
{
	int err;

	*h = (struct http) { .status = w->status, .any_body = w->any_body };
	snprintf(why, size, "http: out of memory");
	if (!http_is(w->target)) {
		snprintf(why, size, "target: got '%.80s', want http://host:port/path", w->target);
		return -EINVAL;
	}
	if (w->status && (w->status < 200 || w->status > 599)) {
		snprintf(why, size, "status: got %u, want 200 to 599", w->status);
		return -EINVAL;
	}
	err = read_body(h, w->body, why, size);
	if (!err && w->expect_body)
		err = read_file(w->expect_body, &h->expected, why, size);
	return err ? err : read_target(h, w->target, why, size);
}

void http_free(struct http *h)
{
	free(h->request[LOAD_KEEP].bytes);
	free(h->request[LOAD_CLOSE].bytes);
	free(h->body.bytes);
	free(h->expected.bytes);
	*h = (struct http) { 0 };
}
