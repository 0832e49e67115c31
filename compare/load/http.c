/* SPDX-License-Identifier: MIT */
/* Makes the request that a user wishes to be sent. */
#include "compare/load/http.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char scheme[] = "http://";

struct reader {
	struct http *http;
	const char *folder;
	char *why;
	size_t size;
};

bool http_is(const char *target)
{
	return !strncmp(target, scheme, strlen(scheme));
}

static int refuse(const struct reader *r, const char *what, const char *got, const char *want)
{
	snprintf(r->why, r->size, "%s: got '%.80s', want %s", what, got, want);
	return -EINVAL;
}

/* ---- Bodies ---- */

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

static int read_file(const struct reader *r, const char *what, const char *name,
		     struct http_text *t)
{
	bool beside = r->folder && *name != '/';
	char *path;
	FILE *f;
	int err;

	if (asprintf(&path, "%s%s%s", beside ? r->folder : "", beside ? "/" : "", name) < 0)
		return -ENOMEM;
	f = fopen(path, "re");
	err = f ? read_open(f, t) : -errno;
	if (f)
		fclose(f);
	if (err)
		snprintf(r->why, r->size, "%s: %s: cannot be read: %s", what, path, strerror(-err));
	free(path);
	return err;
}

static int read_body(const struct reader *r, const char *body)
{
	struct http *h = r->http;

	if (!body)
		return 0;
	if (h->head)
		return refuse(r, "body", body, "none with HEAD");
	if (*body == '@')
		return read_file(r, "body", body + 1, &h->body);
	h->body = (struct http_text) { .bytes = strdup(body), .size = strlen(body) };
	return h->body.bytes ? 0 : -ENOMEM;
}

static int read_expected(const struct reader *r, const char *file)
{
	if (file && r->http->head)
		return refuse(r, "expect-body", file, "none with HEAD, whose responses have none");
	return file ? read_file(r, "expect-body", file, &r->http->expected) : 0;
}

/* ---- The head ---- */

static int read_method(const struct reader *r, const char *method, bool body)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ-";
	struct http *h = r->http;
	size_t n;

	method = method ? method : body ? "POST" : "GET";
	n = strlen(method);
	if (!n || n > HTTP_METHOD_MAX || strspn(method, letters) != n || !strcmp(method, "CONNECT"))
		return refuse(r, "method", method,
			      "at most 16 capital letters, as PUT has, and not CONNECT");
	memcpy(h->method, method, n + 1);
	h->head = !strcmp(method, "HEAD");
	return 0;
}

/* host:port, or host alone, whose port is 80. */
static int read_authority(const struct reader *r, const char *text, int n)
{
	const char *bracket = memchr(text, ']', (size_t)n), *from = bracket ? bracket : text;
	bool port = memchr(from, ':', (size_t)(text + n - from));
	struct http *h = r->http;
	struct address a;
	int wrote = snprintf(h->address, sizeof(h->address), "tcp://%.*s%s", n, text,
			     port ? "" : ":80");
	int err = wrote < (int)sizeof(h->address) ? address_parse(h->address, &a) : -EINVAL;

	if (err)
		snprintf(r->why, r->size, "target: got 'http://%.*s', want %s", n < 80 ? n : 80,
			 text,
			 err == -ENOENT ? "a number for the host, not a name"
					: "http://host:port/path");
	return err;
}

static int read_path(const struct reader *r, const char *what, const char *path)
{
	struct http *h = r->http;

	if (strlen(path) > HTTP_TARGET_MAX) {
		snprintf(r->why, r->size, "%s: got a longer one, want at most %d bytes", what,
			 HTTP_TARGET_MAX);
		return -EINVAL;
	}
	for (const char *at = path; *at; at++)
		if (*at <= ' ' || *at >= 0x7f || *at == '#')
			return refuse(r, what, path, "a path without blanks and #");
	if (asprintf(&h->path, "%s%s", *path == '/' ? "" : "/", path) < 0) {
		h->path = NULL;
		return -ENOMEM;
	}
	snprintf(h->name, sizeof(h->name), "%s %s", h->method, h->path);
	return 0;
}

static int read_target(const struct reader *r, const struct http_wish *w)
{
	const char *authority;
	int n, err;

	if (w->path && w->url)
		return refuse(r, "http", w->path, "either it or a target http://...");
	if (w->path)
		return *w->path == '/' ? read_path(r, "http", w->path)
				       : refuse(r, "http", w->path, "a path that begins with /");
	if (!w->url || !http_is(w->url))
		return refuse(r, "target", w->url ? w->url : "", "http://host:port/path");
	authority = w->url + strlen(scheme);
	n = (int)strcspn(authority, "/?");
	err = read_authority(r, authority, n);
	return err ? err : read_path(r, "target", authority + n);
}

static bool header_is(const char *header, const char *name)
{
	size_t n = strlen(name);

	return !strncasecmp(header, name, n) && header[n] == ':';
}

/* Whether it is a token, a colon and what can be printed. */
static bool is_header(const char *header)
{
	static const char token[] = "!#$%&'*+-.^_`|~0123456789"
				    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t n = strspn(header, token);

	if (!n || header[n] != ':' || strlen(header) > HTTP_HEADER_MAX)
		return false;
	for (const char *at = header + n; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			return false;
	return true;
}

static int read_header(const struct reader *r, const char *header)
{
	static const char *const own[] = { "Content-Length", "Transfer-Encoding", "Connection",
					   "Upgrade", "Expect" };
	struct http *h = r->http;
	char *more;

	if (!is_header(header))
		return refuse(r, "header", header, "NAME: VALUE, in one line");
	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		if (header_is(header, own[i]))
			return refuse(r, "header", header, "none that says where messages end");
	h->host_said |= header_is(header, "Host");
	if (asprintf(&more, "%s%s\r\n", h->headers ? h->headers : "", header) < 0)
		return -ENOMEM;
	free(h->headers);
	h->headers = more;
	return 0;
}

static int read_headers(const struct reader *r, const struct http_wish *w)
{
	int err = 0;

	if (w->header_count > HTTP_HEADERS_MAX) {
		snprintf(r->why, r->size, "header: got %u of them, want at most %d",
			 w->header_count, HTTP_HEADERS_MAX);
		return -EINVAL;
	}
	for (unsigned i = 0; !err && i < w->header_count; i++)
		err = read_header(r, w->headers[i]);
	return err;
}

/* ---- The whole ---- */

int http_read(struct http *h, const struct http_wish *w, const char *folder, char *why, size_t size)
{
	struct reader r = { h, folder, why, size };
	int err;

	*h = (struct http) { .status = w->status, .any_body = w->any_body };
	snprintf(why, size, "http: out of memory");
	if (w->status && (w->status < 200 || w->status > 599)) {
		snprintf(why, size, "status: got %u, want 200 to 599", w->status);
		return -EINVAL;
	}
	err = read_method(&r, w->method, w->body != NULL);
	err = err ? err : read_target(&r, w);
	err = err ? err : read_headers(&r, w);
	err = err ? err : read_body(&r, w->body);
	return err ? err : read_expected(&r, w->expect_body);
}

void http_free(struct http *h)
{
	free(h->path);
	free(h->headers);
	free(h->body.bytes);
	free(h->expected.bytes);
	*h = (struct http) { 0 };
}

/* Where the server is, as a header says it: of TCP host and port, but for port 80. */
static int host_of(const char *address, const char **host)
{
	static const char tcp[] = "tcp://", port[] = ":80";
	int n;

	if (strncmp(address, tcp, strlen(tcp)) != 0) {
		*host = "localhost";
		return (int)strlen(*host);
	}
	*host = address + strlen(tcp);
	n = (int)strlen(*host);
	return n > 3 && !strcmp(*host + n - 3, port) ? n - 3 : n;
}

int http_request(const struct http *h, const char *address, enum load_mode mode,
		 struct http_text *out)
{
	char length[64] = "", *head;
	const char *host;
	int host_size = host_of(address, &host), n;

	*out = (struct http_text) { 0 };
	if (h->body.bytes)
		snprintf(length, sizeof(length), "Content-Length: %zu\r\n", h->body.size);
	n = asprintf(&head, "%s %s HTTP/1.1\r\n%s%.*s%s%s%s%s\r\n", h->method, h->path,
		     h->host_said ? "" : "Host: ", h->host_said ? 0 : host_size, host,
		     h->host_said ? "" : "\r\n", h->headers ? h->headers : "", length,
		     mode == LOAD_CLOSE ? "Connection: close\r\n" : "");
	if (n < 0)
		return -ENOMEM;
	out->size = (size_t)n + h->body.size;
	out->bytes = realloc(head, out->size);
	if (!out->bytes) {
		free(head);
		return -ENOMEM;
	}
	if (h->body.bytes)
		memcpy(out->bytes + n, h->body.bytes, h->body.size);
	return 0;
}

int http_repeat(const struct http_text *one, unsigned times, struct http_text *out)
{
	size_t most = HTTP_REPEAT_MAX / one->size;

	*out = (struct http_text) { .size = one->size };
	if (times > 1 && most > 1)
		out->size *= times < most ? times : most;
	out->bytes = malloc(out->size);
	for (size_t at = 0; out->bytes && at < out->size; at += one->size)
		memcpy(out->bytes + at, one->bytes, one->size);
	return out->bytes ? 0 : -ENOMEM;
}
