/* SPDX-License-Identifier: MIT */
/*
 * web: an application that hosts others, each on a route.  Which one a request takes is in route.c,
 * what is logged of it in line.c and log.c; here is what holds them together.
 */
#include "web.h"

#include "config.h"
#include "line.h"
#include "log.h"
#include "redirect.h"
#include "route.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { ROUTES_MAX = 1000, METHODS_MAX = 16, HEADERS_MAX = 24 };

static const struct modus_setting route_rows[] = {
	MODUS_TEXT(struct web_route, host, "host", "",
		   "Name that it is for, or \"*.example.org\", or \"\": any."),
	MODUS_TEXT(struct web_route, path, "path", "/",
		   "What paths begin with, in whole segments."),
	MODUS_LIST(struct web_route, methods, "methods", METHODS_MAX, NULL, sizeof(const char *),
		   "Methods that it is for; none: all."),
	MODUS_HOSTED(struct web_route, app, "app", "The web application that responds."),
	MODUS_TEXT(
		struct web_route, redirect, "redirect", "",
		"Where to, instead of an application; {path} is what is below the route, {query} "
		"the query with its question mark."),
	MODUS_INT(struct web_route, status, "status", 308, 301, 308, "of HTTP",
		  "Of the redirect: 301, 302, 303, 307 or 308."),
	MODUS_LIST(struct web_route, headers, "headers", HEADERS_MAX, NULL, sizeof(const char *),
		   "\"Name: value\" of each response; the application may set another value."),
	MODUS_END
};

static const struct modus_setting web_rows[] = {
	MODUS_LIST(struct web_settings, routes, "routes", ROUTES_MAX, route_rows,
		   sizeof(struct web_route), "What responds to which requests."),
	MODUS_GROUP(struct web_settings, http, "http", modus_http_limit_rows, "Limits of HTTP."),
	MODUS_TEXT(struct web_settings, access_log, "access_log", "",
		   "File with a line for each response; \"-\": the service's log; \"\": none."),
	MODUS_CHOICE(struct web_settings, access_format, "access_format", WEB_COMBINED,
		     "combined|json", "What a line of it looks like."),
	MODUS_END
};

struct web {
	struct routes *routes;
	struct access_log *log;
};

struct web_session {
	char http[MODUS_HTTP_SESSION]; /* first, for HTTP is who has it */
	int64_t began_us;
};

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* ---- Responding
 * --------------------------------------------------------------------------------*/

static int respond_without_route(struct modus_http *h, const char *allow)
{
	if (!*allow)
		return 404;
	modus_http_set(h, "Allow", allow);
	if (!strcmp(modus_http_method(h), "OPTIONS"))
		return modus_http_status(h, 204);
	return modus_http_error(h, 405, "Here are served: %s.", allow);
}

/* A web that is mounted itself hosts below both. */
static const char *mount_of(struct modus_http *h, const struct route *r)
{
	const char *outer = modus_http_mount(h), *inner = route_mount(r);
	char *both;

	if (!*outer || !*inner)
		return *outer ? outer : inner;
	both = modus_http_alloc(h, strlen(outer) + strlen(inner) + 1);
	if (both)
		strcpy(stpcpy(both, outer), inner);
	return both;
}

static int web_respond(struct modus_http *h)
{
	const struct web *w = modus_instance(modus_http_conn(h))->state;
	const char *path = modus_http_path(h);
	const struct route *r;
	char allow[ALLOW_MAX];
	const char *mount;
	int rc;

	r = routes_find(w->routes, modus_http_host(h), path, modus_http_method(h), allow);
	if (!r)
		return respond_without_route(h, allow);
	rc = route_set_headers(r, h);
	if (rc)
		return rc;
	if (*r->set->redirect)
		return redirect_send(h, (int)r->set->status, r->set->redirect, path + r->path_len);
	mount = mount_of(h, r);
	return mount ? modus_http_enter(h, r->set->app, mount) : -ENOMEM;
}

/* ---- The access log
 * ----------------------------------------------------------------------------*/

static void web_answered(struct modus_http *h)
{
	struct modus_conn *c = modus_http_conn(h);
	const struct web_settings *set = modus_instance(c)->settings;
	const struct web *w = modus_instance(c)->state;
	const struct web_session *session = modus_session(c);
	struct entry e = { .method = modus_http_method(h) };
	char line[LINE_SIZE];

	if (!w->log)
		return;
	clock_gettime(CLOCK_REALTIME, &e.now);
	e.us = now_us() - session->began_us;
	e.id = modus_http_id(h);
	e.peer = modus_peer(c)->text;
	e.status = modus_http_result(h, &e.bytes);
	if (strcmp(e.method, "-") != 0) {
		e.host = modus_http_host(h);
		e.target = modus_http_target(h);
		e.minor = modus_http_minor(h);
		e.referer = modus_http_field(h, "Referer");
		e.agent = modus_http_field(h, "User-Agent");
	}
	log_write(w->log, line, line_write(line, (enum web_format)set->access_format, &e));
}

/* The processes that write nothing just now, and that which forks them, let go of an old file too.
 */
static void web_tick(struct modus_conn *task)
{
	const struct web *w = modus_instance(task)->state;

	log_look(w->log);
}

/* ---- The plugin
 * --------------------------------------------------------------------------------*/

static int web_check(const void *settings, char *why, size_t size)
{
	return config_check(settings, why, size);
}

static int web_start(struct modus_conn *task)
{
	const struct web_settings *set = modus_instance(task)->settings;
	struct web *w = calloc(1, sizeof(*w));
	int rc = w ? routes_make(&set->routes, &w->routes) : -ENOMEM;

	rc = rc ? rc : log_open(set->access_log, &w->log);
	if (rc) {
		routes_free(w ? w->routes : NULL);
		free(w);
		return rc;
	}
	modus_instance(task)->state = w;
	return 0;
}

static void web_stop(struct modus_conn *task)
{
	struct web *w = modus_instance(task)->state;

	log_close(w->log);
	routes_free(w->routes);
	free(w);
}

/* Only a service's own handler is called here, so the session is ours; a web within a web has none.
 */
static int web_handle(struct modus_conn *c)
{
	struct web_session *session = modus_session(c);

	session->began_us = now_us();
	return modus_http_handle(c);
}

static const struct modus_http_limits *web_limits(const void *settings)
{
	return &((const struct web_settings *)settings)->http;
}

static const struct modus_http_app web_app = {
	.magic = MODUS_HTTP_MAGIC,
	.size = sizeof(struct modus_http_app),
	.respond = web_respond,
	.answered = web_answered,
	.limits = web_limits,
};

MODUS_PLUGIN(.name = "web", .summary = "a web service: applications on routes",
	     .flags = MODUS_STREAM | MODUS_REENTRANT, .settings = web_rows,
	     .settings_size = sizeof(struct web_settings),
	     .session_size = sizeof(struct web_session), .tick_ms = LOG_LOOK_MS, .check = web_check,
	     .start = web_start, .stop = web_stop, .tick = web_tick, .handle = web_handle,
	     .extension = &web_app);
