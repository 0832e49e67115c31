/* SPDX-License-Identifier: MIT */
/* The life of a server but for its serving: making, binding, closing. */
#include "server/server.h"

#include "config/config.h"
#include "core/fatal.h"
#include "core/log.h"
#include "core/news.h"
#include "handlers/loader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { ACTIONS_MS = 500 };

/* ---- Making ----------------------------------------------------------------------------------*/

/* The descriptors are completed here, as those of files are when they are opened. */
static int link_handlers(struct modus_server *s, const struct modus_plugin *const *handlers)
{
	size_t n = 0;

	while (handlers && handlers[n])
		n++;
	s->linked = calloc(n + 1, sizeof(*s->linked));
	if (!s->linked)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		char file[64];

		snprintf(file, sizeof(file), "handler %zu that is linked in", i);
		s->linked[i] = loader_check(handlers[i], file, s->why, sizeof(s->why));
		if (!s->linked[i])
			return -EINVAL;
	}
	return 0;
}

static int take_options(struct modus_server *s, const struct modus_server_options *o)
{
	s->host = (struct host) { .arg = o->arg,
				  .verify_request = o->verify_request,
				  .handle_error = o->handle_error,
				  .service_actions = o->service_actions,
				  .actions_ms = o->service_actions_ms > 0 ? o->service_actions_ms
									  : ACTIONS_MS };
	s->handle_timeout = o->handle_timeout;
	s->name = strdup(o->name ? o->name : "server");
	s->file = strdup(o->file ? o->file : "config");
	s->host.stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (!s->name || !s->file || s->host.stop_fd < 0) {
		snprintf(s->why, sizeof(s->why), "%s",
			 strerror(s->host.stop_fd < 0 ? errno : ENOMEM));
		return -ENOMEM;
	}
	return link_handlers(s, o->handlers);
}

static int read_options(struct modus_server *s, const struct modus_server_options *o)
{
	if (o->config && o->service) {
		snprintf(s->why, sizeof(s->why), "got both config and service, want one of them");
		return -EINVAL;
	}
	if (o->config)
		return server_read(s, o->config);
	if (!o->service)
		return 0;
	return server_wrap(s, o->service) ? -ENOMEM : server_read(s, s->written.at);
}

struct modus_server *modus_server_new(const struct modus_server_options *o, char *why, size_t size)
{
	struct modus_server *s = calloc(1, sizeof(*s));

	if (size)
		*why = '\0';
	if (!s) {
		snprintf(why, size, "%s", strerror(ENOMEM));
		return NULL;
	}
	s->host.stop_fd = -1;
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->left, NULL);
	if (take_options(s, o) == 0 && read_options(s, o) == 0)
		return s;
	snprintf(why, size, "%s", *s->why ? s->why : strerror(ENOMEM));
	modus_server_free(s);
	return NULL;
}

/* ---- Sockets ---------------------------------------------------------------------------------*/

int modus_server_bind(struct modus_server *s)
{
	int rc = s->closed ? -EBADF : 0;

	if (rc || s->listeners)
		return rc;
	if (!s->plan)
		rc = server_read_calls(s);
	if (rc)
		return rc;
	log_setup(s->plan->log_format, s->plan->log_level);
	return listeners_bind(server_plan(s), &s->listeners);
}

int modus_server_activate(struct modus_server *s)
{
	int rc = modus_server_bind(s);

	if (rc || s->listening)
		return rc;
	rc = listeners_listen(s->listeners, server_plan(s));
	s->listening = rc == 0;
	if (rc) {
		listeners_close(s->listeners);
		s->listeners = NULL;
	}
	return rc;
}

static const struct modus_listener *listener(const struct modus_server *s, size_t i)
{
	return s->listeners && i < s->listeners->count ? &s->listeners->all[i] : NULL;
}

const struct modus_address *modus_server_address(const struct modus_server *s, size_t i)
{
	const struct modus_listener *l = listener(s, i);

	return l ? &l->name : NULL;
}

int modus_server_fd(const struct modus_server *s, size_t i)
{
	const struct modus_listener *l = listener(s, i);

	return l ? l->fd : -EBADF;
}

/* ---- The end ---------------------------------------------------------------------------------*/

int modus_server_close(struct modus_server *s)
{
	bool serving;

	if (!s)
		return 0;
	pthread_mutex_lock(&s->lock);
	serving = s->serving;
	if (!serving)
		s->closed = true;
	pthread_mutex_unlock(&s->lock);
	if (serving)
		return -EBUSY;
	if (s->open)
		service_close(&s->service);
	s->open = false;
	if (s->board)
		news_leave(s->board);
	listeners_close(s->listeners);
	s->listeners = NULL;
	return 0;
}

void modus_server_free(struct modus_server *s)
{
	if (!s)
		return;
	if (modus_server_close(s))
		fatal_bug("modus_server_free() was called for a server that is being served");
	scoreboard_free(s->board);
	config_free(s->plan);
	if (s->host.stop_fd >= 0)
		close(s->host.stop_fd);
	pthread_cond_destroy(&s->left);
	pthread_mutex_destroy(&s->lock);
	free(s->top.at);
	free(s->inside.at);
	free(s->listen.at);
	free(s->written.at);
	free(s->linked);
	free(s->name);
	free(s->file);
	free(s);
}

/* ---- Questions -------------------------------------------------------------------------------*/

struct modus_server *modus_server_of(const struct modus_conn *c)
{
	return (struct modus_server *)conn_service(c)->host; /* its first member */
}

void *modus_server_arg(const struct modus_server *s)
{
	return s->host.arg;
}

int64_t modus_server_count(const struct modus_server *s, const char *counter)
{
	const struct scoreboard *b = s->board;

	for (int i = 0; i < COUNT_KINDS; i++)
		if (!strcmp(counter_names[i], counter))
			return b ? (int64_t)scoreboard_sum(b, (enum counter)i) : 0;
	return -ENOENT;
}
