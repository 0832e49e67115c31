/* SPDX-License-Identifier: MIT */
/*
 * The script model: the loop, the fibers and the strategy of the evented models, with a poller that
 * reports what the test has done, a transport of memory and a clock that stands still.
 *
 * A connection's descriptor is a made-up one, beyond those that the kernel gives out: it leads from
 * the connection to its client.
 */
#ifndef TESTING_TESTING_H
#define TESTING_TESTING_H

#include "handlers/testing/trial.h"
#include "handlers/testing/wire.h"

#include "core/instance.h"
#include "core/outbound.h"
#include "core/service.h"
#include "models/helpers.h"
#include "models/loop.h"

#include <modus/test.h>

enum { TESTING_PLACES = 2 }; /* where blocking work runs */

enum client_kind { CLIENT_STREAM, CLIENT_DATAGRAM, CLIENT_FAR };

struct modus_client {
	struct modus_test *test;
	int fd; /* of its connections */
	enum client_kind kind;
	bool messages;                  /* what it sends and receives has bounds */
	struct address from;            /* its address; len 0: nameless */
	char *name;                     /* of a far end: its text, where that is a host's name */
	struct modus_listener listener; /* and where it connects to */

	struct modus_conn *conn; /* while it is open; not of datagrams */
	size_t serving;          /* datagrams that are being served */
	uintptr_t about;         /* for loop_ready(); 0: not watched */
	bool admitted;           /* of a far end: the plugin has called */
	bool connected;          /* and was answered */
	bool changed;            /* what the poller is to report */
	bool finished;           /* the connection has been closed */
	int result;              /* what a callback of the plugin returned, if an error */
	int error;               /* why it was closed */

	struct wire sent;     /* on its way to the plugin */
	struct wire arrived;  /* there, not read yet */
	struct wire outgoing; /* written by the plugin, not taken yet */
	struct wire received; /* taken, not asked for yet */
	char *shown;          /* what the test looks at */
	bool ending, ended;   /* the end of input is on its way; is there */
	bool resetting, reset, reset_told;
	bool stalled, output_ended;
};

struct foreign { /* a descriptor of the plugin's own, watched */
	int fd;
	short events;
	uintptr_t about;
};

struct modus_test {
	struct loop loop; /* first: a worker is its loop's first member, and so leads here */
	struct modus_service service;
	struct plan_service plan;
	struct modus_model model;
	struct modus_io io;
	struct listeners listeners;        /* none: clients come from the script */
	const struct modus_plugin *plugin; /* and what core sees of it: */
	struct modus_plugin watched;
	struct config_memory *settings;
	struct scoreboard *board;
	struct helpers helpers; /* without threads */
	struct modus_worker places[TESTING_PLACES];

	struct modus_client **clients;
	size_t client_count;
	struct foreign *foreign;
	size_t foreign_count;
	uintptr_t wake_about; /* the loop's own descriptor */
	bool wake;            /* it is to be reported */

	int64_t now, phase_due; /* the clock; when the next phase begins */
	bool busy, quiet;       /* the poller had something to do; nothing is left to do */
	bool started, stopping; /* start() was well; stop() runs, as a place of its own */
	uint64_t turns;         /* since anything was moved */
	struct trial trial;
};

_Noreturn void testing_abort(const char *format, ...) MODUS_FORMAT(1, 2);
void *testing_must(void *memory); /* what was allocated, or the end */

/* ---- script.c ---- */

extern const struct poller script_poller;
void script_strategy(struct modus_io *io);

/* Runs the plugin until nothing more can be done. */
void script_run(struct modus_test *t);
/* Runs what() on a fiber, for which time passes as it waits; name is what to call it. */
void script_run_task(struct modus_test *t, const char *name,
		     void (*what)(struct modus_test *t, struct modus_conn *task));

/* ---- client.c, admit.c ---- */

struct modus_client *client_new(struct modus_test *t, enum client_kind kind, const char *to);
void client_free(struct modus_client *k);
struct modus_client *client_of(const struct modus_conn *c);
/* That of a descriptor, or NULL. */
struct modus_client *client_at(struct modus_test *t, int fd);
/* Moves what is on its way, both ways.  Whether there was anything. */
bool client_move(struct modus_client *k);
short client_events(const struct modus_client *k); /* as poll() would tell */

/* Makes connections of the clients that have come. */
void client_admit(struct modus_test *t);

/* ---- transport.c, upstream.c, watch.c ---- */

enum {
	SEND_BUFFER = 64 << 10,
	RECEIVE_BUFFER = 256 << 10,
	RECEIVED_MAX = 1 << 20,
};

extern const struct transport script_transport;
extern const struct dialer script_dialer;

/* The plugin, with callbacks that note what its own return. */
void watch_plugin(struct modus_test *t);

static inline struct modus_test *test_of(const struct modus_conn *c)
{
	return (struct modus_test *)c->worker; /* its first member's first member */
}

#endif
