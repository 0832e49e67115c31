/* SPDX-License-Identifier: MIT */
/*
 * The life of a request:
 *
 *   a head comes       until its end it stays in the input, and the connection parks with it
 *   it is read         what is malformed is refused, and the connection ends
 *   respond()          of the application, or of one that it hosts
 *   it is concluded    what respond() returned becomes a page where that is due
 *   the rest           of a body that nobody read is passed over, or the connection ends
 */
#include "handlers/http/codings/coding.h"
#include "handlers/http/exchange.h"

#include <errno.h>
#include <string.h>

static const struct modus_http_limits defaults = {
	.head = 16 << 10, .fields = 100, .body = 1 << 20, .requests = 1000000
};

static const struct modus_http_app *app_of(const struct modus_plugin *p)
{
	const struct modus_http_app *app = p->extension;

	return app && app->magic == MODUS_HTTP_MAGIC && app->size >= sizeof(*app) && app->respond
		       ? app
		       : NULL;
}

bool modus_http_is_app(const struct modus_plugin *p)
{
	return app_of(p) != NULL;
}

/* ---- Methods ---- */

static bool has_method(const char *methods, const char *method)
{
	size_t n = strlen(method);

	for (const char *at = methods; *at; at += strspn(at, " ")) {
		size_t len = strcspn(at, " ");

		if (len == n && memcmp(at, method, n) == 0)
			return true;
		at += len;
	}
	return false;
}

static int set_allow(struct modus_http *h, const char *methods)
{
	char allow[256];
	size_t n = 0;

	for (const char *at = methods; *at; at += strspn(at, " ")) {
		size_t len = strcspn(at, " ");

		if (n + len + 20 > sizeof(allow))
			return -ENOSPC;
		memcpy(allow + n, at, len);
		n += len;
		allow[n++] = ',';
		allow[n++] = ' ';
		at += len;
	}
	if (has_method(methods, "GET") && !has_method(methods, "HEAD"))
		n += (size_t)(stpcpy(allow + n, "HEAD, ") - (allow + n));
	if (has_method(methods, "OPTIONS"))
		n -= 2;
	else
		n += (size_t)(stpcpy(allow + n, "OPTIONS") - (allow + n));
	allow[n] = '\0';
	return modus_http_set(h, "Allow", allow);
}

/* 0: it is for the application; else what respond() would have returned, or 204. */
static int judge_method(struct modus_http *h, const char *methods)
{
	const char *method = h->request.method;
	int rc;

	if (!methods || has_method(methods, method) ||
	    (h->request.is_head && has_method(methods, "GET")))
		return 0;
	rc = set_allow(h, methods);
	if (rc)
		return rc;
	return strcmp(method, "OPTIONS") == 0 ? 204 : 405;
}

static int respond(struct modus_http *h, const struct modus_http_app *app)
{
	int rc = judge_method(h, app->methods);

	if (rc != 204)
		return rc ? rc : app->respond(h);
	h->reply.status = 204;
	return 0;
}

int modus_http_enter(struct modus_http *h, struct modus_instance *inner, const char *mount)
{
	const struct modus_http_app *app = app_of(modus_plugin(inner));
	size_t mount_len = h->request.mount_len;
	const char *before = h->request.mount;
	struct modus_instance *outer;
	int rc;

	if (!app)
		return -EINVAL;
	outer = modus_enter(h->conn, inner);
	h->request.mount = mount;
	h->request.mount_len = strlen(mount);
	rc = respond(h, app);
	h->request.mount = before;
	h->request.mount_len = mount_len;
	modus_enter(h->conn, outer);
	return rc;
}

/* It would show fields that only the two ends are to see (RFC 9110 9.3.8). */
static int refuse_trace(struct modus_http *h)
{
	int rc = set_allow(h, h->app->methods ? h->app->methods : "GET HEAD POST PUT DELETE");

	return rc ? rc : 405;
}

/* These are of the server, whatever the application. */
static int respond_first(struct modus_http *h)
{
	const char *method = h->request.method;

	if (strcmp(method, "CONNECT") == 0)
		return 501;
	if (strcmp(method, "TRACE") == 0)
		return refuse_trace(h);
	if (strcmp(h->request.path, "*") == 0) {
		h->reply.status = 204;
		return 0;
	}
	return respond(h, h->app);
}

/* ---- Conclusion ---- */

/* An upstream's failure is none of the client's. */
static bool is_gone(const struct modus_http *h, int rc)
{
	return h->reply.failed || rc == -ECANCELED ||
	       ((rc == -ECONNRESET || rc == -EPIPE) && modus_error(h->conn));
}

static int status_of(const struct modus_http *h, int rc)
{
	if (rc >= 400 && rc <= 599)
		return rc;
	switch (rc) {
	case -EMSGSIZE:
		return 413;
	case -EBADMSG:
		return 400;
	case -ETIMEDOUT:
		return 408;
	case -EOPNOTSUPP: /* of a body that is no form */
		return 415;
	default:
		modus_log(MODUS_WARNING, "%s %s: respond() returned %d%s%s: 500", h->request.method,
			  h->request.target, rc, rc < 0 ? ", " : "", rc < 0 ? strerror(-rc) : "");
		return 500;
	}
}

/* What respond() returned becomes a response.  0, or what the connection ends with. */
static int conclude(struct modus_http *h, int rc)
{
	if (rc == 304 && !h->reply.begun) {
		h->reply.status = 304;
		rc = 0;
	}
	if (rc && is_gone(h, rc))
		return rc < 0 ? rc : h->reply.failed;
	if (rc && h->reply.begun)
		return rc < 0 ? rc : -EPROTO; /* what was sent is a part: it must not look whole */
	if (rc)
		http_page(h, status_of(h, rc), "");
	return http_reply_end(h);
}

/* ---- Requests ---- */

/* All but the room for fields and bytes, which is written before it is read. */
static void begin(struct modus_http *h, struct modus_conn *c, const struct modus_http_app *app)
{
	memset(h, 0, offsetof(struct modus_http, reply.fields));
	h->conn = c;
	h->app = app;
	h->limits = app->limits ? app->limits(modus_instance(c)->settings) : &defaults;
	h->session = modus_session(c);
	h->request.mount = "";
	h->body.limit = h->limits->body;
	h->reply.gathered = h->reply.first;
	h->reply.room = sizeof(h->reply.first);
	http_reply_reset(h);
}

static int answered(struct modus_http *h, int rc)
{
	if (h->app->answered)
		h->app->answered(h);
	return rc;
}

/* The framing of what follows is in doubt, or was never known: nothing more is read. */
static int refuse(struct modus_http *h, int status)
{
	h->request.keep = false;
	h->body.ended = true;
	http_page(h, status, "");
	http_reply_end(h);
	return answered(h, h->reply.failed ? h->reply.failed : MODUS_CLOSE);
}

static int serve(struct modus_http *h, size_t head_len)
{
	bool has_body = !h->body.ended;
	int rc;

	h->session->scanned = h->session->skipped = 0;
	h->session->requests++;
	if (has_body)
		modus_consume(h->conn, head_len);
	rc = answered(h, conclude(h, respond_first(h)));
	http_encoder_free(h->reply.encoder);
	if (!has_body)
		modus_consume(h->conn, head_len);
	if (rc)
		return rc;
	return http_body_drain(h) && h->request.keep ? MODUS_KEEP : MODUS_CLOSE;
}

/* Too much: of the request line, or of fields. */
static int too_long(const struct modus_http *h, const char *data)
{
	return memchr(data, '\n', (size_t)h->limits->head) ? 431 : 414;
}

/* A head that has not ended yet: whether it may go on. */
static int judge_part(const struct modus_http *h, const char *data, size_t n)
{
	if (n >= (size_t)h->limits->head)
		return too_long(h, data);
	return (unsigned char)*data <= 0x20 || (unsigned char)*data >= 0x7f ? 400 : 0;
}

/* One empty line before a request is passed over (RFC 9112 2.2). */
static size_t skip_line(struct modus_http *h, const char *data, size_t n)
{
	if (h->session->skipped || h->session->scanned || n < 2 || memcmp(data, "\r\n", 2) != 0)
		return 0;
	modus_consume(h->conn, 2);
	h->session->skipped = 1;
	return 2;
}

int modus_http_handle(struct modus_conn *c)
{
	const struct modus_http_app *app = app_of(modus_plugin(modus_instance(c)));
	struct modus_http h;
	ssize_t n, end;
	char *data;
	int status;

	if (!app)
		return -EINVAL; /* a plugin with this handle() that is none */
	n = modus_peek(c, 0, &data);
	if (n <= 0)
		return (int)n;
	begin(&h, c, app);
	end = (ssize_t)skip_line(&h, data, (size_t)n);
	data += end;
	n -= end;
	if (n == 0 || (n == 1 && *data == '\r' && !h.session->skipped))
		return MODUS_KEEP;
	end = http_head_end(data, (size_t)n, &h.session->scanned);
	if (end < 0)
		return refuse(&h, 400);
	if (end == 0) {
		status = judge_part(&h, data, (size_t)n);
		return status ? refuse(&h, status) : MODUS_KEEP;
	}
	if (end > h.limits->head)
		return refuse(&h, too_long(&h, data));
	status = http_head_read(&h, data, (size_t)end);
	return status ? refuse(&h, status) : serve(&h, (size_t)end);
}
