/* SPDX-License-Identifier: MIT */
/*
 * <modus/http.h>: all that a web application sees of HTTP/1.1 (RFC 9110, 9112).  An application is
 * a plugin: straight-line code that is called with a request and makes the response.  It is served
 * by itself (handler = "NAME"), or mounted on a route of the plugin "web".
 *
 * 1. Who calls respond() has read the head, has found it well formed, and answers by itself what is
 *    not: respond() never sees a request whose framing is in doubt.
 * 2. The rules of <modus/handler.h> hold: negative errnos, failures that stick, calls that WAIT.
 * 3. Texts that are given out are NUL-terminated and borrowed until respond() returns, those of the
 *    head too, whatever of the body is read meanwhile.
 * 4. What is written is gathered.  A response that ends before it outgrows its buffer gets a
 *    Content-Length; a longer one, without a length set before, is sent in chunks, or to HTTP/1.0
 *    until the connection ends.  To HEAD no body is sent, whatever is written.
 * 5. Names of fields are compared without case.  A value with CR, LF or NUL in it is refused
 *    (-EINVAL): no response can be split.
 */
#ifndef MODUS_HTTP_H
#define MODUS_HTTP_H

#include <modus/handler.h>

#include <time.h>

#ifdef __cplusplus
extern "C" {
#endif

struct modus_http; /* a request, and the response to it */

/* ---- The request ------------------------------------------------------------------------------*/

const char *modus_http_method(const struct modus_http *h); /* "GET", as it was sent */
const char *modus_http_target(const struct modus_http *h); /* as it was sent */
/* The path without what the application is mounted on, its %-escapes decoded and its dot segments
 * removed (RFC 3986 5.2.4): begins with a slash, or is "*" for OPTIONS.  The mount itself is "" or
 * begins with a slash. */
const char *modus_http_path(const struct modus_http *h);
const char *modus_http_mount(const struct modus_http *h);
const char *modus_http_query(const struct modus_http *h); /* as it was sent; NULL: there is none */
const char *modus_http_host(const struct modus_http *h);  /* lower case, without port; "" */
int modus_http_minor(const struct modus_http *h);         /* 0 or 1, of HTTP/1.x */
const char *modus_http_id(const struct modus_http *h);    /* of this request, in logs */

/* A field of the head: its value, those of several in their order with ", " between (RFC 9110 5.3);
 * NULL: there is none (or no memory). */
const char *modus_http_field(struct modus_http *h, const char *name);
/* The i-th field, from 0, as it was sent; false: there are no more. */
bool modus_http_each(const struct modus_http *h, size_t i, const char **name, const char **value);
/* An argument of the query, or a cookie: the first of that name, decoded; NULL: there is none. */
const char *modus_http_argument(struct modus_http *h, const char *name);
const char *modus_http_cookie(struct modus_http *h, const char *name);

/* ---- The request's body -----------------------------------------------------------------------*/

int64_t modus_http_length(const struct modus_http *h); /* bytes; 0: none; -1: chunked, not known */
/* At most so many bytes, for this request, instead of what the settings say. */
void modus_http_limit(struct modus_http *h, int64_t bytes);
/* Reads 1 to size bytes of the body, WAITS for the first; sends 100 (Continue) before, where the
 * client waits for it.  Returns the count, 0 at the body's end; -EMSGSIZE: longer than the limit;
 * -EBADMSG: its framing is wrong, or it was cut.  Both end the connection; respond() may return
 * them and they are answered by 413 and 400. */
MODUS_CHECKED ssize_t modus_http_read(struct modus_http *h, void *buf, size_t size);
/* Reads all of it, WAITS; NUL-terminated, its length in *len unless len is NULL.  NULL:
 * modus_http_failed() says why. */
char *modus_http_body(struct modus_http *h, size_t *len);
int modus_http_failed(const struct modus_http *h); /* the failure that stuck to the body, or 0 */
const char *modus_http_trailer(struct modus_http *h, const char *name); /* after the body's end */

/* A part of a form, application/x-www-form-urlencoded or multipart/form-data (RFC 7578). */
struct modus_http_part {
	const char *name;
	const char *filename; /* NULL: it is no file */
	const char *type;     /* "text/plain" where it was not said */
};
/* The next part of the body's form, WAITS; what was not read of the last one is passed over.  1 and
 * *part; 0: there are no more; -EBADMSG: malformed; -EMSGSIZE: more than limits allow;
 * -EOPNOTSUPP: the body is no form. */
MODUS_CHECKED int modus_http_part(struct modus_http *h, struct modus_http_part *part);
/* Reads 1 to size bytes of that part's value, WAITS; 0 at its end, or as modus_http_read(). */
MODUS_CHECKED ssize_t modus_http_part_read(struct modus_http *h, void *buf, size_t size);

/* ---- The response -----------------------------------------------------------------------------
 * Until the first byte is sent, status and fields may be changed; later -EALREADY. */

int modus_http_status(struct modus_http *h, int status);                        /* 200 to 599; 200 */
int modus_http_set(struct modus_http *h, const char *name, const char *value);  /* in the place of others */
int modus_http_add(struct modus_http *h, const char *name, const char *value);  /* beside others */
int modus_http_setf(struct modus_http *h, const char *name, const char *format, ...) MODUS_FORMAT(3, 4);
int modus_http_vary(struct modus_http *h, const char *name); /* adds a name to Vary, once */
/* The length of what will be written; writing another is an error, and ends the connection. */
int modus_http_set_length(struct modus_http *h, int64_t bytes);
int modus_http_write(struct modus_http *h, const void *buf, size_t n); /* WAITS */
int modus_http_puts(struct modus_http *h, const char *text);           /* WAITS */
int modus_http_printf(struct modus_http *h, const char *format, ...) MODUS_FORMAT(2, 3);
int modus_http_escape(struct modus_http *h, const char *text); /* for HTML: & < > " ' */
int modus_http_flush(struct modus_http *h);                    /* sends what there is now, WAITS */
int modus_http_add_trailer(struct modus_http *h, const char *name, const char *value);
/* From here on the body may be sent in gzip or br, as the client likes best, where its Content-Type is
 * one that shrinks and it has 1 KiB or more; its ETag becomes weak.  Not of modus_http_send(). */
int modus_http_compress(struct modus_http *h);
int modus_http_hint(struct modus_http *h, const char *link); /* 103 (Early Hints) with a Link, at once */
bool modus_http_begun(const struct modus_http *h);           /* whether the head was sent */

/* Whole responses.  They return what respond() may return. */
int modus_http_error(struct modus_http *h, int status, const char *format, ...) MODUS_FORMAT(3, 4);
int modus_http_redirect(struct modus_http *h, int status, const char *location);

/* A representation: what a resource is now, in one form. */
struct modus_http_entity {
	const char *type, *language, *encoding; /* NULL: no such field */
	const char *etag;                       /* with its quotes, perhaps W/; NULL: none */
	time_t modified;                        /* 0: not known */
	int64_t size;
	const void *data; /* its bytes, or NULL: they are in fd from offset */
	int fd;           /* borrowed */
	int64_t offset;
};
/* Responds with it: evaluates the preconditions (RFC 9110 13.2.2), ranges (14), sets the fields, and
 * sends 200, 206, 304, 412 or 416, WAITS.  Fields set before, as Cache-Control, stay. */
int modus_http_send(struct modus_http *h, const struct modus_http_entity *entity);
/* The preconditions alone, for what is made or changed: 0: go on; else 304 or 412 is the response,
 * and is what respond() returns.  exists: whether there is a representation now. */
int modus_http_precondition(struct modus_http *h, bool exists, const char *etag, time_t modified);

/* Cookies (RFC 6265bis). */
enum modus_http_same_site { MODUS_SITE_UNSAID, MODUS_SITE_LAX, MODUS_SITE_STRICT, MODUS_SITE_NONE };
struct modus_http_cookie {
	const char *name, *value;
	const char *path, *domain; /* NULL: not said */
	int64_t max_age;           /* seconds; 0: for the session; negative: deletes it */
	bool secure, http_only;
	enum modus_http_same_site same_site;
};
/* Adds a Set-Cookie.  -EINVAL: what cannot be a cookie, as SameSite=None without Secure. */
int modus_http_set_cookie(struct modus_http *h, const struct modus_http_cookie *cookie);

/* ---- Content negotiation (RFC 9110 12) ---------------------------------------------------------*/

struct modus_http_variant {
	const char *type, *charset; /* NULL: says nothing, and suits all */
	const char *language;       /* "en", "de-CH"; NULL likewise */
	const char *encoding;       /* "gzip", "br"; NULL: none */
	int quality;                /* of the source, in thousandths; 0 stands for 1000 */
	int64_t size;               /* the lesser is taken among equals; 0: not known */
};
/* The one that suits the request best; names in Vary what it went by.  -ENOENT: none is acceptable,
 * for which 406 is the answer. */
int modus_http_choose(struct modus_http *h, const struct modus_http_variant *of, size_t n);

/* Encodes n bytes as "gzip" or "br", at what costs little: memory of malloc(), and its length in *len.
 * Of more than some 16 KiB in modus_block(), for it computes.  NULL: no memory, or no such coding. */
char *modus_http_encode(const char *coding, const void *data, size_t n, size_t *len);

/* ---- The connection below ----------------------------------------------------------------------*/

struct modus_conn *modus_http_conn(struct modus_http *h); /* to sleep, block, connect and log with */
void *modus_http_alloc(struct modus_http *h, size_t size); /* as modus_alloc() */

/* ---- Limits: a group of rows for the settings of an application that is served by itself --------*/

struct modus_http_limits {
	int64_t head;   /* bytes of the request line and all fields: 431, and 414 for the line */
	int64_t fields; /* fields: 431 */
	int64_t body;   /* bytes of a body: 413 */
	int64_t requests; /* on a connection, after which it is closed */
};
/* MODUS_GROUP(struct S, limits, "http", modus_http_limit_rows, "Limits of HTTP.") */
extern MODUS_EXPORT const struct modus_setting modus_http_limit_rows[];

/* ---- The application ---------------------------------------------------------------------------*/

struct modus_http_app {
	uint32_t magic, size; /* MODUS_HTTP_APP() sets these */
	/* Methods that respond() takes, "GET HEAD POST"; others get 405, and OPTIONS the list.  With
	 * GET, HEAD is taken too.  NULL: respond() takes all, but TRACE and CONNECT. */
	const char *methods;
	/* Makes the response, WAITS.  Returns 0: it is made.  400 to 599: modus makes it, an error
	 * page in the form that the client likes best.  A negative errno: likewise, 413 for -EMSGSIZE,
	 * 400 for -EBADMSG, 408 for -ETIMEDOUT, 415 for -EOPNOTSUPP, else 500 and a line in the
	 * log; where the response has begun, the connection is cut: a part is not the whole. */
	int (*respond)(struct modus_http *h);
	/* After each response, also one to what was no request, where the method is "-": for logs.
	 * Must not wait.  NULL: none. */
	void (*answered)(struct modus_http *h);
	/* What a service of this application bears, from its settings; NULL: the defaults. */
	const struct modus_http_limits *(*limits)(const void *settings);
};

#define MODUS_HTTP_MAGIC   0x68747470u
#define MODUS_HTTP_SESSION 16 /* bytes of session that HTTP itself needs */

/* handle() of a plugin that is an application. */
int modus_http_handle(struct modus_conn *c);

/* For an application that hosts others, as "web" does: lets the one that inner is (a HOSTED row)
 * respond to what is below mount, which the path begins with.  Returns what respond() returned. */
int modus_http_enter(struct modus_http *h, struct modus_instance *inner, const char *mount);
/* Whether a plugin is an application. */
bool modus_http_is_app(const struct modus_plugin *p);
/* For logs: the response's status, and how many bytes of body were sent, unless bytes is NULL. */
int modus_http_result(const struct modus_http *h, int64_t *bytes);

/* (name, summary, respond(), more fields of the plugin): defines a plugin that is an application */
#define MODUS_HTTP_APP(NAME, SUMMARY, RESPOND, METHODS, ...) \
	static const struct modus_http_app modus_http_app_ = { \
		MODUS_HTTP_MAGIC, sizeof(struct modus_http_app), METHODS, RESPOND, NULL, NULL }; \
	MODUS_PLUGIN(.name = NAME, .summary = SUMMARY, MODUS_HTTP_FIELDS(&modus_http_app_), __VA_ARGS__)
/* The fields that a plugin has for being the application app. */
#define MODUS_HTTP_FIELDS(app) \
	.flags = MODUS_STREAM | MODUS_REENTRANT, .session_size = MODUS_HTTP_SESSION, \
	.handle = modus_http_handle, .extension = (app)

#ifdef __cplusplus
}
#endif
#endif
