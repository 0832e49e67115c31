/* SPDX-License-Identifier: MIT */
/* Choosing among variants, by what the request says. */
#include "handlers/http/exchange.h"
#include "handlers/http/values/choose.h"

#include <errno.h>

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
