/* SPDX-License-Identifier: MIT */
/* The inside of a server that an application embeds. */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include "core/host.h"
#include "core/service.h"

#include <modus/server.h>

#include <pthread.h>

enum { WHY_MAX = 4096 };

struct text { /* NULL at first */
	char *at;
	size_t length;
};

struct modus_server {
	struct host host; /* must be first: a connection's service leads back here */
	char *name, *file;
	void (*handle_timeout)(void *arg);
	const struct modus_plugin **linked; /* completed, NULL ends them */

	/* What calls said, until it is read: settings of the file, those of the service, addresses.
	 */
	struct text top, inside, listen, written; /* written: all of that, put together */
	bool has_text;
	char why[WHY_MAX];

	struct plan *plan;
	struct listeners *listeners;
	bool listening;
	struct modus_service service;
	_Atomic(struct scoreboard *) board; /* from the first serving on */
	bool open;                          /* service is, so start() was called */

	pthread_mutex_t lock; /* of the next three */
	pthread_cond_t left;  /* serving has ended */
	bool serving, closed;
	uint64_t servings;
	_Atomic int tid; /* of the thread that serves, or 0 */
};

/* Reads a whole config, or what calls have said; handlers are looked up.  0, -EINVAL or -ENOMEM, of
 * which s->why tells. */
int server_read(struct modus_server *s, const char *text);
int server_read_calls(struct modus_server *s);

/* Puts the inside of a service into a whole config. */
int server_wrap(struct modus_server *s, const char *inside);

int text_add(struct text *t, const char *format, ...) MODUS_FORMAT(2, 3); /* 0 or -ENOMEM */

static inline const struct plan_service *server_plan(const struct modus_server *s)
{
	return s->plan->services.items;
}

#endif
