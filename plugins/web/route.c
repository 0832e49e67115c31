/* SPDX-License-Identifier: MIT */
/*
 * Routes are sorted once, at the start: an exact host before a wildcard before any, then the longer
 * path, then those that name methods, then as the config has them.  The first that fits is taken.
 */
#include "route.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum host_rank { HOST_EXACT, HOST_WILDCARD, HOST_ANY };

/* ---- Making them
 * -------------------------------------------------------------------------------*/

static size_t rank_of(const char *host)
{
	if (!*host)
		return HOST_ANY;
	return *host == '*' ? HOST_WILDCARD : HOST_EXACT;
}

/* Takes "Name: value" apart. */
static bool make_header(struct header *h, const char *text)
{
	char *colon, *end;

	h->name = strdup(text);
	if (!h->name)
		return false;
	colon = strchr(h->name, ':');
	*colon++ = '\0';
	colon += strspn(colon, " \t");
	for (end = colon + strlen(colon); end > colon && strchr(" \t", end[-1]); end--)
		end[-1] = '\0';
	h->value = colon;
	return true;
}

static int make_route(struct route *r, const struct web_route *set)
{
	const char *const *texts = set->headers.items;

	r->set = set;
	r->host_rank = rank_of(set->host);
	r->path_len = strcmp(set->path, "/") ? strlen(set->path) : 0;
	r->headers = calloc(set->headers.count + 1, sizeof(*r->headers));
	if (!r->headers)
		return -ENOMEM;
	for (size_t i = 0; i < set->headers.count; i++) {
		struct header *h = &r->headers[i];

		if (!make_header(h, texts[i]))
			return -ENOMEM;
		r->header_count++;
		for (size_t j = 0; j < i; j++)
			h->beside |= !strcasecmp(h->name, r->headers[j].name);
	}
	return 0;
}

static int by_order(const void *a, const void *b)
{
	const struct route *x = a, *y = b;

	if (x->host_rank != y->host_rank)
		return x->host_rank < y->host_rank ? -1 : 1;
	if (x->path_len != y->path_len)
		return x->path_len > y->path_len ? -1 : 1;
	if (!x->set->methods.count != !y->set->methods.count)
		return x->set->methods.count ? -1 : 1;
	return x->set < y->set ? -1 : 1;
}

int routes_make(const struct modus_list *settings, struct routes **out)
{
	const struct web_route *sets = settings->items;
	struct routes *r = calloc(1, sizeof(*r) + settings->count * sizeof(*r->all));
	int rc = r ? 0 : -ENOMEM;

	for (size_t i = 0; rc == 0 && i < settings->count; i++) {
		r->count++;
		rc = make_route(&r->all[i], &sets[i]);
	}
	if (rc) {
		routes_free(r);
		return rc;
	}
	qsort(r->all, r->count, sizeof(*r->all), by_order);
	*out = r;
	return 0;
}

void routes_free(struct routes *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->count; i++) {
		for (size_t j = 0; j < r->all[i].header_count; j++)
			free(r->all[i].headers[j].name);
		free(r->all[i].headers);
	}
	free(r);
}

/* ---- Finding one
 * -------------------------------------------------------------------------------*/

/* A host may be named with the dot of the root behind it. */
static bool host_is(const char *host, const char *want)
{
	size_t n = strlen(want);

	return !strncasecmp(host, want, n) && (!host[n] || !strcmp(host + n, "."));
}

static bool host_fits(const struct route *r, const char *host)
{
	const char *dot;

	switch (r->host_rank) {
	case HOST_ANY:
		return true;
	case HOST_EXACT:
		return host_is(host, r->set->host);
	default:
		dot = strchr(host, '.');
		return dot && dot > host && host_is(dot, r->set->host + 1);
	}
}

/* Whole segments: "/a" is the beginning of "/a" and "/a/b", not of "/ab". */
static bool path_fits(const struct route *r, const char *path)
{
	return !strncmp(path, r->set->path, r->path_len) &&
	       (path[r->path_len] == '/' || path[r->path_len] == '\0');
}

/* Who takes GET takes HEAD. */
static bool method_fits(const struct route *r, const char *method)
{
	const char *const *methods = r->set->methods.items;

	for (size_t i = 0; i < r->set->methods.count; i++)
		if (!strcmp(methods[i], method) ||
		    (!strcmp(methods[i], "GET") && !strcmp(method, "HEAD")))
			return true;
	return r->set->methods.count == 0;
}

static bool is_allowed(const char *allow, const char *method)
{
	size_t n = strlen(method);

	for (const char *at = allow; (at = strstr(at, method)); at += n)
		if ((at == allow || at[-1] == ' ') && (!at[n] || at[n] == ','))
			return true;
	return false;
}

/* What does not fit is left out: config.c bounds methods so that all of one route do. */
static void allow_method(char allow[ALLOW_MAX], const char *method)
{
	size_t n = strlen(allow);

	if (is_allowed(allow, method) || n + strlen(method) + 3 > ALLOW_MAX)
		return;
	if (n)
		strcpy(allow + n, ", ");
	strcat(allow, method);
}

static void allow_route(char allow[ALLOW_MAX], const struct route *r)
{
	const char *const *methods = r->set->methods.items;

	for (size_t i = 0; i < r->set->methods.count; i++) {
		allow_method(allow, methods[i]);
		if (!strcmp(methods[i], "GET"))
			allow_method(allow, "HEAD");
	}
}

const struct route *routes_find(const struct routes *r, const char *host, const char *path,
				const char *method, char allow[ALLOW_MAX])
{
	*allow = '\0';
	for (size_t i = 0; i < r->count; i++) {
		const struct route *one = &r->all[i];

		if (!host_fits(one, host) || !path_fits(one, path))
			continue;
		if (method_fits(one, method))
			return one;
		allow_route(allow, one);
	}
	if (*allow)
		allow_method(allow, "OPTIONS"); /* that is answered for all of them */
	return NULL;
}

const char *route_mount(const struct route *r)
{
	return r->path_len ? r->set->path : "";
}

int route_set_headers(const struct route *r, struct modus_http *h)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < r->header_count; i++) {
		const struct header *one = &r->headers[i];

		rc = one->beside ? modus_http_add(h, one->name, one->value)
				 : modus_http_set(h, one->name, one->value);
	}
	return rc;
}
