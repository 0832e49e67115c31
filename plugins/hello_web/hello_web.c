/* SPDX-License-Identifier: MIT */
/*
 * hello_web: greets whom the query names, as in /?name=Ada.
 *
 * respond() makes the response.  What it writes is gathered, so that modus can say its length; 0
 * says that it is made.
 */
#include <modus/http.h>

static int hello_respond(struct modus_http *h)
{
	const char *name = modus_http_argument(h, "name");

	modus_http_set(h, "Content-Type", "text/plain; charset=utf-8");
	return modus_http_printf(h, "Hello, %s!\n", name && *name ? name : "world");
}

MODUS_HTTP_APP("hello_web", "greets whom the query names", hello_respond, "GET");
