/* SPDX-License-Identifier: MIT */
/*
 * A request and its response while they are under way: on the stack of the handle() that serves it.
 * What it points to stands in the input, or, once a body is read over that, in memory of the
 * callback (modus_alloc()).
 */
#ifndef HTTP_EXCHANGE_H
#define HTTP_EXCHANGE_H

#include "handlers/http/chunk.h"
#include "handlers/http/forms/form.h"

#include <modus/http.h>

enum {
	HTTP_GATHER_FIRST = 1024,     /* bytes of a body that need no memory of their own */
	HTTP_GATHER_MOST = 16 * 1024, /* gathered before the head is sent */
	HTTP_OUT_FIELDS = 48,         /* of a response */
	HTTP_DRAIN_MOST = 64 * 1024,  /* of a body that nobody read, to keep the connection */
	HTTP_LINGER_MOST = 8 << 20,   /* likewise, to let the client read the response */
	HTTP_LINGER_MS = 2000,
};

struct http_session {     /* what a connection keeps from one call to the next */
	uint32_t scanned; /* bytes in which the head does not end */
	uint32_t requests;
	uint8_t skipped; /* an empty line before it was passed over */
};
_Static_assert(sizeof(struct http_session) <= MODUS_HTTP_SESSION, "the public header says so");

struct http_field {
	const char *name, *value; /* NUL-terminated */
	uint32_t name_len, value_len;
};

struct http_fields {
	struct http_field *all;
	size_t count;
};

struct http_known { /* fields that decide on the message; how many of a name there are */
	const char *host, *expect, *length, *coding;
	size_t hosts, lengths, codings;
	bool close, keep;
};

struct http_request {
	const char *method, *target, *query, *host;
	char *path;
	size_t mount_len; /* of the path */
	const char *mount;
	int minor;
	bool keep, expects, is_head;
	struct http_fields fields;
};

struct http_body {
	int64_t length; /* -1: chunked */
	int64_t left, read, limit;
	bool ended;
	int failed;
	struct http_chunks chunks;
	struct http_fields trailers;
	char *trailer_text;
	size_t trailer_len;
	char *text; /* of modus_http_body() */
	size_t text_len;
	struct http_form *form;
};

enum http_framing { HTTP_NO_BODY, HTTP_LENGTH, HTTP_CHUNKED, HTTP_UNTIL_CLOSE };

struct http_reply {
	int status;
	bool begun, ended;            /* the head was written; all was */
	bool compress;                /* if that is worth it */
	struct http_encoder *encoder; /* what the body goes through; NULL: nothing */
	enum http_framing framing;
	int64_t length; /* that was set; -1: none was */
	int64_t sent;   /* bytes of the body */
	int failed;     /* the failure that stuck */
	size_t field_count, trailer_count;
	char *gathered;
	size_t gathered_len, room;
	/* From here on nothing is zeroed. */
	struct http_field fields[HTTP_OUT_FIELDS];
	struct http_field trailers[8];
	char first[HTTP_GATHER_FIRST];
};

struct modus_http {
	struct modus_conn *conn;
	const struct modus_http_app *app; /* whose service it is */
	const struct modus_http_limits *limits;
	struct http_session *session;
	struct http_request request;
	struct http_body body;
	char id[17];
	struct http_reply reply; /* its end is not zeroed */
};

/* ---- head.c, head_strict.c ---- */

/* Looks for the end of a head in data, of n bytes; *scanned moves on.  Its length with the empty
 * line; 0: it has not come yet; -1: it is none, for a line does not end as it must. */
ssize_t http_head_end(const char *data, size_t n, uint32_t *scanned);

/* Reads a whole head, in place: h's request and the framing of its body.  0, or the status that
 * refuses it. */
int http_head_read(struct modus_http *h, char *head, size_t n);

/* The strict layer: the request line, before and after it was parsed; the fields.  0 or a status.
 */
int http_strict_line(const char *head, size_t n, int *minor);
int http_strict_fields(const struct http_fields *fields);
void http_strict_note(const struct http_fields *fields, struct http_known *k);
int http_strict_framing(struct http_request *r, const struct http_known *k, struct http_body *body);
int http_strict_host(struct modus_http *h, const struct http_known *k, const char *authority,
		     size_t authority_len);

/* Reads field lines, each with its CRLF, in place (a head's, or trailers): 0, -ENOSPC or -EBADMSG.
 */
int http_fields_read(char *data, size_t n, size_t max, struct http_fields *out);

/* ---- fields.c ---- */

/* The value of the only field, or the first, of that name; NULL. */
const char *http_field_first(const struct http_fields *of, const char *name, size_t *count);

/* ---- body.c ---- */

/* After the response: reads what nobody read, if that is little.  false: the connection has to end.
 */
bool http_body_drain(struct modus_http *h);
/* Whether that is likely, for Connection. */
bool http_body_will_end(const struct modus_http *h);

/* ---- reply.c, reply_head.c ---- */

int http_reply_begin(struct modus_http *h, enum http_framing framing, int64_t length);
int http_reply_end(struct modus_http *h);
void http_reply_reset(struct modus_http *h); /* nothing was written: forgets status and fields */
int http_head_write(struct modus_http *h, enum http_framing framing, int64_t length);
bool http_status_has_body(int status);
const char *http_reason(int status);
const char *http_reply_field(const struct modus_http *h, const char *name);
int http_field_set(struct modus_http *h, const char *name, const char *value, bool replace);
void http_field_remove(struct modus_http *h, const char *name);
int http_body_file(struct modus_http *h, int fd, int64_t offset, int64_t count);

/* ---- encode.c ---- */

/* Before the head is written: encodes what was gathered, if it is the whole body, or readies an
 * encoder. 0, or a negative errno. */
int http_encode_begin(struct modus_http *h, bool whole);

/* ---- page.c ---- */

int http_page(struct modus_http *h, int status, const char *detail);

/* ---- multirange.c ---- */

struct http_range;
int http_multirange(struct modus_http *h, const struct modus_http_entity *e,
		    const struct http_range *ranges, int n);

#endif
