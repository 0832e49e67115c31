/* SPDX-License-Identifier: MIT */
/* Codings made on the fly, by what HTTP has for them. */
#include "compress.h"

#include <errno.h>
#include <modus/http.h>
#include <stdlib.h>
#include <string.h>

int compress_content(enum coding coding, const struct content *plain, struct content **out)
{
	size_t n;
	char *coded = modus_http_encode(coding == CODING_BR ? "br" : "gzip", plain->data,
					plain->size, &n);

	if (!coded)
		return -ENOMEM;
	*out = content_new(n);
	if (*out) {
		memcpy((*out)->data, coded, n);
		(*out)->of = plain->of;
		(*out)->lasting = plain->lasting;
	}
	free(coded);
	return *out ? 0 : -ENOMEM;
}
