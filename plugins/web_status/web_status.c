/* SPDX-License-Identifier: MIT */
/*
 * web_status: an application that shows what a running server counts, as a page that stays up to
 * date, as JSON, and as Prometheus reads it.  It asks the server's supervisor, as "modus status"
 * does.
 */
#include "counters.h"
#include "page.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct web_status_settings {
	const char *control;
};

static const struct modus_setting web_status_rows[] = {
	MODUS_TEXT(struct web_status_settings, control, "control", NULL,
		   "The Unix socket that the config's control names: unix:///path or /path."),
	MODUS_END
};

static int web_status_check(const void *settings, char *why, size_t size)
{
	const struct web_status_settings *set = settings;

	if (control_path(set->control))
		return 0;
	snprintf(why, size, "control: got \"%.60s\", want unix:///path of at most %d bytes",
		 set->control, CONTROL_MAX);
	return -EINVAL;
}

/* As it came: the supervisor writes what Prometheus reads. */
static int send_metrics(struct modus_http *h, const struct counters *c)
{
	modus_http_set(h, "Content-Type", "text/plain; version=0.0.4; charset=utf-8");
	return modus_http_write(h, c->text, c->text_len);
}

static const struct place {
	const char *path;
	int (*send)(struct modus_http *h, const struct counters *c);
} places[] = {
	{ "/", page_html },
	{ "/data", page_json },
	{ "/metrics", send_metrics },
};

static int ask_and_send(struct modus_http *h, const struct place *p)
{
	const struct web_status_settings *set = modus_instance(modus_http_conn(h))->settings;
	struct counters c;
	int rc = counters_ask(h, set->control, &c);

	modus_http_set(h, "Cache-Control", "no-store");
	modus_http_set(h, "X-Content-Type-Options", "nosniff");
	if (rc == 0)
		return p->send(h, &c);
	if (rc == -ENOMEM || rc == -ECANCELED)
		return rc;
	if (rc == -EBADMSG)
		return modus_http_error(h, 502, "What the control socket says is not understood.");
	return modus_http_error(h, 503, "The control socket cannot be asked: %s.", strerror(-rc));
}

static int web_status_respond(struct modus_http *h)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (!strcmp(modus_http_path(h), places[i].path))
			return ask_and_send(h, &places[i]);
	return 404;
}

MODUS_HTTP_APP("web_status", "shows what a running server counts", web_status_respond, "GET",
	       .settings = web_status_rows, .settings_size = sizeof(struct web_status_settings),
	       .check = web_status_check);
