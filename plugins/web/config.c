/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "redirect.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { METHOD_MAX = 24, HEADER_NAME_MAX = 64 };

#define DIGITS  "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define TOKEN   DIGITS LETTERS "!#$%&'*+-.^_`|~" /* RFC 9110 5.6.2 */

struct complaint { /* where it goes, and which route it is about */
	char *why;
	size_t size, number;
};

static bool has_control(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return true;
	return false;
}

/* What the config has is shown, but for what a terminal could take amiss. */
MODUS_FORMAT(2, 3)
static int refuse(const struct complaint *c, const char *format, ...)
{
	int n = snprintf(c->why, c->size, "routes: number %zu: ", c->number);
	va_list args;

	va_start(args, format);
	if (n > 0 && (size_t)n < c->size)
		vsnprintf(c->why + n, c->size - (size_t)n, format, args);
	va_end(args);
	for (char *at = c->why; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			*at = '?';
	return -EINVAL;
}

static size_t host_length(const char *host)
{
	const char *name = strncmp(host, "*.", 2) ? host : host + 2;
	size_t n = strspn(name, DIGITS LETTERS "-_.");

	if (*host == '[') {
		n = strspn(host + 1, DIGITS "abcdefABCDEF:.");
		return n && host[n + 1] == ']' ? n + 2 : 0;
	}
	return n && *name != '.' && name[n - 1] != '.' ? (size_t)(name - host) + n : 0;
}

static int check_host(const struct complaint *c, const char *host)
{
	if (host_length(host) == strlen(host))
		return 0;
	return refuse(c,
		      "host: got \"%.60s\", want a name as \"example.org\" or \"*.example.org\", "
		      "an address, or \"\"; without a port",
		      host);
}

/* It is compared with paths whose escapes are decoded and that have no dot segments. */
static int check_path(const struct complaint *c, const char *path)
{
	size_t n = strlen(path);

	if (*path != '/')
		return refuse(c, "path: got \"%.60s\", want it to begin with a slash", path);
	if (n > 1 && path[n - 1] == '/')
		return refuse(c,
			      "path: got \"%.60s\", want no slash at its end: \"/a\" is /a and all "
			      "below it",
			      path);
	if (has_control(path) || strpbrk(path, "%?#"))
		return refuse(
			c, "path: got \"%.60s\", want none of %%, ?, # and no control characters",
			path);
	if (strstr(path, "//") || strstr(path, "/./") || strstr(path, "/../") ||
	    (n > 1 && !strcmp(path + n - 2, "/.")) || (n > 2 && !strcmp(path + n - 3, "/..")))
		return refuse(c, "path: got \"%.60s\", want no segment that is empty, . or ..",
			      path);
	return 0;
}

static int check_methods(const struct complaint *c, const struct modus_list *methods)
{
	const char *const *texts = methods->items;

	for (size_t i = 0; i < methods->count; i++) {
		size_t n = strlen(texts[i]);

		if (n == 0 || n > METHOD_MAX || strspn(texts[i], TOKEN) != n ||
		    strpbrk(texts[i], "abcdefghijklmnopqrstuvwxyz"))
			return refuse(
				c, "methods: got \"%.60s\", want a method in capitals, as \"GET\"",
				texts[i]);
		if (!strcmp(texts[i], "TRACE") || !strcmp(texts[i], "CONNECT"))
			return refuse(c, "methods: got \"%s\", want none that is never served",
				      texts[i]);
	}
	return 0;
}

/* Fields that modus sets itself, for they frame the response or belong to one connection. */
static bool is_ours(const char *name, size_t n)
{
	static const char *const ours[] = { "Connection", "Content-Length",    "Date",
					    "Keep-Alive", "Proxy-Connection",  "TE",
					    "Trailer",    "Transfer-Encoding", "Upgrade" };

	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++)
		if (strlen(ours[i]) == n && !strncasecmp(ours[i], name, n))
			return true;
	return false;
}

static int check_headers(const struct complaint *c, const struct modus_list *headers)
{
	const char *const *texts = headers->items;

	for (size_t i = 0; i < headers->count; i++) {
		size_t n = strspn(texts[i], TOKEN);

		if (n == 0 || n > HEADER_NAME_MAX || texts[i][n] != ':' || has_control(texts[i]))
			return refuse(c, "headers: got \"%.60s\", want \"Name: value\"", texts[i]);
		if (is_ours(texts[i], n))
			return refuse(c, "headers: got \"%.60s\", want none that modus sets itself",
				      texts[i]);
	}
	return 0;
}

static int check_status(const struct complaint *c, int64_t status)
{
	static const int redirects[] = { 301, 302, 303, 307, 308 };

	for (size_t i = 0; i < sizeof(redirects) / sizeof(*redirects); i++)
		if (status == redirects[i])
			return 0;
	return refuse(c, "status: got %lld, want 301, 302, 303, 307 or 308", (long long)status);
}

static int check_target(const struct complaint *c, const struct web_route *r)
{
	const struct modus_plugin *p = r->app ? modus_plugin(r->app) : NULL;

	if (!p && !*r->redirect)
		return refuse(c, "got neither app nor redirect, want one of them");
	if (p && *r->redirect)
		return refuse(c, "got both app and redirect, want one of them");
	if (p && !modus_http_is_app(p))
		return refuse(c, "app: plugin %.60s is no web application", p->name);
	if (!p && !redirect_is_good(r->redirect))
		return refuse(c,
			      "redirect: got \"%.60s\", want \"/path\", \"http://...\" or "
			      "\"https://...\", perhaps with {path} and {query}",
			      r->redirect);
	return check_status(c, r->status);
}

static int check_route(const struct complaint *c, const struct web_route *r)
{
	int rc = check_host(c, r->host);

	rc = rc ? rc : check_path(c, r->path);
	rc = rc ? rc : check_methods(c, &r->methods);
	rc = rc ? rc : check_target(c, r);
	return rc ? rc : check_headers(c, &r->headers);
}

int config_check(const struct web_settings *set, char *why, size_t size)
{
	const struct web_route *routes = set->routes.items;
	int rc = 0;

	if (set->routes.count == 0) {
		snprintf(why, size, "routes: got none, want one at least");
		return -EINVAL;
	}
	for (size_t i = 0; rc == 0 && i < set->routes.count; i++)
		rc = check_route(&(struct complaint) { why, size, i + 1 }, &routes[i]);
	return rc;
}
