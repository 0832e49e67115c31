/* SPDX-License-Identifier: MIT */
/*
 * lab: does the work that each request asks for (PROTOCOL.md), so that what a model is good for can
 * be seen apart from any one protocol.  A line says what to do, in which order; the reply comes
 * when all is done.  A line that is not whole is left where it is, and the connection parks: a slow
 * client holds no place.
 */
#include "lab.h"

#include "../small.h"

#include <stdio.h>
#include <string.h>

#define ROW    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+\n"
#define ROWS4  ROW ROW ROW ROW
#define ROWS16 ROWS4 ROWS4 ROWS4 ROWS4
#define ROWS64 ROWS16 ROWS16 ROWS16 ROWS16

static const char pattern[] = ROWS64;

enum { MINUTE = 60000, GIB = 1 << 30 };

static const struct modus_setting upstream_rows[] = {
	MODUS_TEXT(struct lab_upstream, address, "address", NULL, "As \"tcp://127.0.0.1:7000\"."),
	MODUS_TEXT(struct lab_upstream, send, "send", "",
		   "What it is sent before its bytes are read; nothing if it speaks first."),
	MODUS_END
};

static const struct modus_setting lab_rows[] = {
	MODUS_TIME(struct lab_settings, max_cpu_ms, "max_cpu", 1000, 0, MINUTE,
		   "CPU time that a request may use."),
	MODUS_TIME(struct lab_settings, max_wait_ms, "max_wait", 10000, 0, MINUTE,
		   "How long a request may wait."),
	MODUS_TIME(struct lab_settings, max_block_ms, "max_block", 10000, 0, MINUTE,
		   "How long a request may block where that is allowed."),
	MODUS_TIME(struct lab_settings, max_hog_ms, "max_hog", 1000, 0, MINUTE,
		   "How long a request may block where that is not allowed."),
	MODUS_BYTES(struct lab_settings, max_touch, "max_touch", 16 << 20, 0, GIB,
		    "Memory that a request may write to."),
	MODUS_BYTES(struct lab_settings, max_call, "max_call", 16 << 20, 0, GIB,
		    "What a request may read from upstreams."),
	MODUS_BYTES(struct lab_settings, max_reply, "max_reply", 16 << 20, 0, GIB,
		    "The size of a reply."),
	MODUS_LIST(struct lab_settings, upstreams, "upstreams", 16, upstream_rows,
		   sizeof(struct lab_upstream), "What a request may call."),
	MODUS_TIME(struct lab_settings, connect_ms, "connect", 5000, 1, MINUTE,
		   "How long connecting to an upstream may take."),
	MODUS_BOOL(struct lab_settings, amplify, "amplify", false,
		   "Whether datagrams from other machines are answered."),
	MODUS_END
};

static int lab_verify(const struct modus_conn *c)
{
	const struct lab_settings *set = modus_instance(c)->settings;

	if (modus_is_datagram(c) && !set->amplify && !small_is_local(modus_peer(c)))
		return -EPERM;
	return small_verify(c);
}

int lab_refuse(struct modus_conn *c, const char *format, ...)
{
	struct lab_shared *shared = modus_shared(c);
	va_list args;

	atomic_fetch_add(&shared->errors, 1);
	modus_write(c, "error: ", 7);
	va_start(args, format);
	modus_vprintf(c, format, args);
	va_end(args);
	return modus_write(c, "\n", 1);
}

static int reply(struct modus_conn *c, bool bare, int64_t n)
{
	int rc = bare ? 0 : modus_printf(c, "ok %lld\n", (long long)n);

	for (int64_t piece; !rc && n > 0; n -= piece) {
		piece = n < (int64_t)sizeof(pattern) - 1 ? n : (int64_t)sizeof(pattern) - 1;
		rc = modus_write(c, pattern, (size_t)piece);
	}
	return rc;
}

static int counts(struct modus_conn *c)
{
	struct lab_shared *shared = modus_shared(c);

	return modus_printf(c, "counts requests=%llu errors=%llu\n", atomic_load(&shared->requests),
			    atomic_load(&shared->errors));
}

static int serve(struct modus_conn *c, char *line)
{
	struct lab_shared *shared = modus_shared(c);
	struct lab_request request;
	int rc;

	if (!strcmp(line, "counts"))
		return counts(c);
	atomic_fetch_add(&shared->requests, 1);
	rc = lab_parse(c, line, &request);
	for (unsigned i = 0; rc == 1 && i < request.count; i++)
		rc = lab_work(c, &request.steps[i]);
	return rc == 1 ? reply(c, request.bare, request.sums[LAB_REPLY]) : rc;
}

/* Whether reading a line would not wait; a negative errno. */
static int ready(struct modus_conn *c)
{
	char *data;
	ssize_t n = modus_peek(c, 0, &data);

	if (n < 0 || modus_is_datagram(c))
		return n < 0 ? (int)n : 1;
	return n > LAB_LINE || (n > 0 && memchr(data, '\n', (size_t)n));
}

static int lab_handle(struct modus_conn *c)
{
	char *line;
	int rc = ready(c);

	if (rc <= 0)
		return rc;
	line = modus_readline(c, LAB_LINE, NULL);
	if (line)
		return serve(c, line);
	rc = modus_error(c);
	if (rc == -EMSGSIZE)
		rc = lab_refuse(c, "got a longer line, want at most %d bytes", LAB_LINE);
	return rc ? rc : MODUS_CLOSE;
}

MODUS_PLUGIN(.name = "lab", .summary = "does the work that a request asks for (PROTOCOL.md)",
	     .flags = MODUS_STREAM | MODUS_DATAGRAM | MODUS_REENTRANT, .settings = lab_rows,
	     .settings_size = sizeof(struct lab_settings), .shared_size = sizeof(struct lab_shared),
	     .verify = lab_verify, .handle = lab_handle);
