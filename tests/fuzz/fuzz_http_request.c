/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as what a client sends to an application, in pieces of any size: each is answered by
 * well-formed responses, or refused, and the connection ends or waits for more.  The first two
 * bytes choose the pieces.
 */
#include "tests/fuzz/fuzz.h"

#include <modus/http.h>
#include <modus/test.h>

/* Looks at all that a request can be asked for, and says back what the body was. */
static int fuzz_respond(struct modus_http *h)
{
	struct modus_http_part part;
	char buf[64];
	const char *name, *value;
	ssize_t n;

	fuzz_expect(*modus_http_path(h) == '/' || !strcmp(modus_http_path(h), "*"));
	fuzz_expect(!strstr(modus_http_path(h), "/../"));
	for (size_t i = 0; modus_http_each(h, i, &name, &value); i++)
		fuzz_expect(*name && !strpbrk(value, "\r\n"));
	modus_http_argument(h, "a");
	modus_http_cookie(h, "a");
	if (!strcmp(modus_http_path(h), "/form")) {
		while (modus_http_part(h, &part) > 0)
			while (modus_http_part_read(h, buf, sizeof(buf)) > 0)
				continue;
		return 0;
	}
	while ((n = modus_http_read(h, buf, sizeof(buf))) > 0)
		if (modus_http_write(h, buf, (size_t)n))
			break;
	return (int)n;
}

MODUS_HTTP_APP("fuzz", "looks at requests", fuzz_respond, NULL);

/* Each response begins as one does; what it says of its length is not looked at here. */
static void expect_response(const char *text, size_t len)
{
	if (len > 0)
		fuzz_expect(len > 12 && !memcmp(text, "HTTP/1.1 ", 9));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct modus_test *t;
	struct modus_client *k;
	size_t len;

	if (size < 2)
		return 0;
	t = modus_test_begin(&modus_plugin_descriptor, NULL);
	fuzz_expect(t);
	modus_test_vary(t, data[0]);
	k = modus_test_connect(t, NULL, "tcp://");
	for (size_t sent = 2, piece = data[1] + 1u; sent < size; sent += piece) {
		size_t left = size - sent;

		modus_client_send(k, data + sent, left < piece ? left : piece);
	}
	modus_client_shutdown(k);
	expect_response(modus_client_received(k, &len), len);
	fuzz_expect(modus_client_state(k, NULL) == MODUS_CLOSED);
	modus_test_end(t);
	return 0;
}
