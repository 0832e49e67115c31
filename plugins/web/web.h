/* SPDX-License-Identifier: MIT */
/* The settings of web, as its rows fill them. */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include <modus/http.h>

struct web_route {
	const char *host;          /* "": any; "*.example.org": one level below it */
	const char *path;          /* begins with a slash, ends with none, but for "/" */
	struct modus_list methods; /* of texts; empty: all */
	struct modus_instance *app;
	const char *redirect;      /* ""; or where to, with {path} and {query} */
	int64_t status;            /* of the redirect */
	struct modus_list headers; /* of "Name: value" */
};

enum web_format { WEB_COMBINED, WEB_JSON };

struct web_settings {
	struct modus_list routes; /* of struct web_route */
	struct modus_http_limits http;
	const char *access_log;
	int access_format;
};

#endif
