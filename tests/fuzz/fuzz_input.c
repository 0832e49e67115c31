/* SPDX-License-Identifier: MIT */
/*
 * Any bytes, read by any sequence of input calls, in pieces of any size.  The first bytes choose
 * the pieces and the calls, the others are the client's; the handler knows them and so checks what
 * each call gives.
 */
#include "tests/fuzz/fuzz.h"

#include <modus/test.h>

#include <errno.h>

enum { CALLS = 8, HEAD = 2 + CALLS };

/* The one client's input; a plugin has no other way to know what was sent. */
static struct {
	const uint8_t *calls, *sent;
	size_t size;
	size_t at;      /* what was consumed */
	unsigned turns; /* calls made */
	bool ended;
} run;

static const uint8_t *left(void)
{
	return run.sent + run.at;
}

static size_t left_size(void)
{
	return run.size - run.at;
}

/* A count of bytes at this place; 0 is the input's end, an error must have its cause. */
static int took(ssize_t n, const void *data)
{
	if (n == 0)
		fuzz_expect(left_size() == 0);
	if (n <= 0) {
		run.ended = true;
		return (int)n;
	}
	fuzz_expect((size_t)n <= left_size() && memcmp(left(), data, (size_t)n) == 0);
	run.at += (size_t)n;
	return 0;
}

static int call_read(struct modus_conn *c, size_t size)
{
	char buf[256];

	return took(modus_read(c, buf, size + 1), buf);
}

static int call_readn(struct modus_conn *c, size_t size)
{
	char buf[256];
	ssize_t n = modus_readn(c, buf, size + 1);

	fuzz_expect(n == (ssize_t)size + 1 || n == 0 || n == -EBADMSG);
	if (n == -EBADMSG)
		fuzz_expect(left_size() > 0 && left_size() < size + 1);
	return took(n, buf);
}

static int no_line(struct modus_conn *c, size_t max)
{
	int error = modus_error(c);
	const uint8_t *lf = memchr(left(), '\n', left_size());

	run.ended = true;
	if (error == 0)
		fuzz_expect(left_size() == 0);
	else if (error == -EBADMSG)
		fuzz_expect(!lf && left_size() > 0);
	else
		fuzz_expect(error == -EMSGSIZE && left_size() > max &&
			    (!lf || (size_t)(lf - left()) > max));
	return error;
}

static int call_readline(struct modus_conn *c, size_t max)
{
	size_t len = 0;
	char *line = modus_readline(c, max + 1, &len);
	int rc;

	if (!line)
		return no_line(c, max + 1);
	fuzz_expect(len <= max + 1 && line[len] == '\0' && !memchr(line, '\n', len));
	rc = len ? took((ssize_t)len, line) : 0;
	if (left_size() && *left() == '\r')
		run.at++;
	fuzz_expect(left_size() && *left() == '\n');
	run.at++;
	memset(line, '#', len); /* it is ours to change */
	return rc;
}

static int call_peek(struct modus_conn *c, size_t min)
{
	char *data;
	ssize_t n = modus_peek(c, min, &data);

	fuzz_expect(n >= 0 && (size_t)n <= left_size() && memcmp(left(), data, (size_t)n) == 0);
	if ((size_t)n < min) {
		fuzz_expect((size_t)n == left_size());
		run.ended = true;
	}
	run.at += (size_t)(n + 1) / 2;
	modus_consume(c, (size_t)(n + 1) / 2);
	return 0;
}

static int input_handle(struct modus_conn *c)
{
	static int (*const calls[])(struct modus_conn *, size_t) = { call_read, call_readn,
								     call_readline, call_peek };
	int rc = 0;

	for (int i = 0; i < CALLS && rc == 0 && !run.ended; i++) {
		uint8_t call = run.calls[run.turns++ % CALLS];

		rc = calls[call & 3](c, call >> 2);
	}
	return rc ? rc : run.ended ? MODUS_CLOSE : MODUS_KEEP;
}

MODUS_PLUGIN(.name = "input", .summary = "checks what it reads",
	     .flags = MODUS_STREAM | MODUS_REENTRANT, .handle = input_handle);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct modus_test *t;
	struct modus_client *k;

	if (size < HEAD)
		return 0;
	run = (typeof(run)) { .calls = data + 2, .sent = data + HEAD, .size = size - HEAD };
	t = modus_test_begin(&modus_plugin_descriptor, NULL);
	fuzz_expect(t);
	modus_test_vary(t, data[0]);
	k = modus_test_connect(t, NULL, "tcp://");
	for (size_t sent = 0, piece = data[1] + 1u; sent < run.size; sent += piece) {
		size_t left = run.size - sent;

		modus_client_send(k, run.sent + sent, left < piece ? left : piece);
	}
	modus_client_shutdown(k);
	fuzz_expect(modus_client_state(k, NULL) == MODUS_CLOSED);
	modus_test_end(t);
	return 0;
}
