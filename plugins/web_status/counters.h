/* SPDX-License-Identifier: MIT */
/* What the supervisor of a server tells of its services, at the control socket. */
#ifndef WEB_STATUS_COUNTERS_H
#define WEB_STATUS_COUNTERS_H

#include <modus/http.h>

struct service {
	const char *name, *model;
};

struct metric {
	const char *name, *type, *help; /* "modus_up", "gauge", a sentence */
	const char **values;            /* digits, for each service */
};

struct counters {
	const char *text; /* as it came, but for its last line: what Prometheus reads */
	size_t text_len;
	const struct service *services;
	const struct metric *metrics;
	size_t service_count, metric_count;
};

enum { CONTROL_MAX = 107 }; /* bytes of a Unix socket's path */

/* The path in "/path" or "unix:///path"; NULL: it is neither, or too long. */
const char *control_path(const char *control);

/* Asks there, WAITS; all that *out points to lives until respond() returns.  0; what connecting or
 * reading failed with; -EBADMSG: what came is not understood. */
int counters_ask(struct modus_http *h, const char *control, struct counters *out);

#endif
