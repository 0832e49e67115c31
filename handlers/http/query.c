/* SPDX-License-Identifier: MIT */
/* Arguments of the query. */
#include "handlers/http/exchange.h"

#include <string.h>

const char *modus_http_argument(struct modus_http *h, const char *name)
{
	const char *query = h->request.query;
	char *at, *key, *value;

	at = query ? modus_alloc(h->conn, strlen(query) + 1) : NULL;
	if (!at)
		return NULL;
	strcpy(at, query);
	while (http_pair_next(&at, &key, &value) > 0)
		if (strcmp(key, name) == 0)
			return value;
	return NULL;
}
