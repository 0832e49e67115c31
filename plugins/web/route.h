/* SPDX-License-Identifier: MIT */
/* Which route a request takes: the most specific of those that fit it. */
#ifndef WEB_ROUTE_H
#define WEB_ROUTE_H

#include "web.h"

struct header {
	char *name; /* owned; the value stands behind it in the same memory */
	const char *value;
	bool beside; /* one of that name was set before */
};

struct route {
	const struct web_route *set;
	size_t host_rank; /* an exact host, a wildcard, any */
	size_t path_len;  /* 0 of "/" */
	struct header *headers;
	size_t header_count;
};

struct routes {
	size_t count;
	struct route all[]; /* the most specific first */
};

/* Sets *out up for the settings, which were checked.  0 or -ENOMEM. */
int routes_make(const struct modus_list *settings, struct routes **out);
void routes_free(struct routes *r); /* NULL is fine */

enum { ALLOW_MAX = 512 };

/* The route for a request.  NULL: none fits; allow then has the methods that routes for this host
 * and path take, as the field Allow has them, or is empty: there is no such route. */
const struct route *routes_find(const struct routes *r, const char *host, const char *path,
				const char *method, char allow[ALLOW_MAX]);

/* What the route is mounted on: "" of "/". */
const char *route_mount(const struct route *r);

/* Sets the route's headers in the response. */
int route_set_headers(const struct route *r, struct modus_http *h);

#endif
