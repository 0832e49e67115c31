/* SPDX-License-Identifier: MIT */
#include "handlers/http/exchange.h"
#include "handlers/http/values/choose.h"
#include "handlers/http/values/cookie.h"

#include <errno.h>

enum { COOKIE_MAX = 7168 }; /* a pair of 4096 bytes, and attributes */

int modus_http_choose(struct modus_http *h, const struct modus_http_variant *of, size_t n)
{
	static const char *const names[] = { "Accept", "Accept-Charset", "Accept-Language",
					     "Accept-Encoding" };
	struct http_wishes wishes = {
		.type = modus_http_field(h, "Accept"),
		.charset = modus_http_field(h, "Accept-Charset"),
		.language = modus_http_field(h, "Accept-Language"),
		.encoding = modus_http_field(h, "Accept-Encoding"),
	};
	unsigned by = 0;
	int chosen = http_choose(&wishes, of, n, &by);

	for (unsigned i = 0; i < 4; i++)
		if (by & 1U << i && modus_http_vary(h, names[i]))
			return -ENOMEM;
	return chosen;
}

int modus_http_set_cookie(struct modus_http *h, const struct modus_http_cookie *cookie)
{
	char value[COOKIE_MAX];
	int n = http_cookie_write(value, sizeof(value), cookie, time(NULL));

	return n < 0 ? n : modus_http_add(h, "Set-Cookie", value);
}
