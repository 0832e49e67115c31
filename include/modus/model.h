/* SPDX-License-Identifier: MIT */
/*
 * <modus/model.h>: all that a concurrency model sees of modus.
 *
 * A model decides who runs a connection and what waiting means; everything else (listening, accept
 * and its errors, limits, the life of a connection, deadlines, stopping, counting) is done for it by
 * core (core/service.h, core/worker.h, core/connection.h).  A model is one file that ends with one
 * const descriptor, a line in models/models.c and a line in models/meson.build.
 *
 * What a model owes:
 * 1. conn_step() is called for a connection by one thread at a time, from the first step to
 *    CONN_STEP_CLOSED; after that the connection is gone.
 * 2. A parked connection (CONN_STEP_PARKED) is stepped again when its descriptor has input, its
 *    deadline has passed, news came for it, or the service drains; one step too many does no harm.
 * 3. Nobody closes a connection's descriptor but core, within conn_step().
 * 4. serve() calls service_begun() once: when all threads and loops that it needs are there and the
 *    listeners are watched, or when it cannot begin; only then is the service said to be ready.
 * 5. serve() takes no client after the drain began; it returns when every connection it took is
 *    closed.  Core ends the process if that takes longer than the grace and one second more.
 * 6. What a crashing handler takes down with it is what the capability ISOLATED says.
 */
#ifndef MODUS_MODEL_H
#define MODUS_MODEL_H

#include <modus/handler.h>

struct iovec;

struct modus_service;  /* one service: listeners, a model, an instance of a plugin */
struct modus_worker;   /* a place where handlers run: a process, a thread, an event loop */
struct modus_listener; /* a listening or datagram socket of a service */

enum modus_capability {
	MODUS_CONCURRENT = 1 << 0, /* serves more than one connection at a time */
	MODUS_THREADED = 1 << 1,   /* handlers run in several threads of one process */
	MODUS_PROCESSES = 1 << 2,  /* handlers run in several processes */
	MODUS_EVENTED = 1 << 3,    /* handlers share a thread: a blocking one stops others */
	MODUS_ISOLATED = 1 << 4,   /* a crash takes one connection with it */
};

/* What waiting means.  Times are milliseconds, MODUS_FOREVER, or 0 to try only; a call that found
 * nothing within them returns -ETIMEDOUT, after a try only -EAGAIN; -ECANCELED once the grace is
 * over.  EINTR never shows.  Core sends what is pending before it calls what may wait. */
struct modus_io {
	/* The strategy's clock, in milliseconds, as cheap as it can be had. */
	int64_t (*now)(struct modus_worker *w);
	/* Receives 1 to room bytes at *at; 0 is the end of input.  Where core offers no memory
	 * (*at NULL) the strategy may lend a span of its own until the next call for c. */
	ssize_t (*receive)(struct modus_conn *c, char **at, size_t room, int ms);
	/* The same for a connection between two requests.  A strategy that can step c again when
	 * there is something returns -EAGAIN at once and c is parked; one that cannot waits here, and
	 * returns -EAGAIN when there is news or the service drains. */
	ssize_t (*idle)(struct modus_conn *c, char **at, size_t room, int ms);
	/* Sends at least one byte of parts[0..n), waits ms for room.  Returns the count. */
	ssize_t (*send)(struct modus_conn *c, const struct iovec *parts, int n, int ms);
	/* Waits until one of want[0..n) is ready for its events, where fd is always set and
	 * conn tells whose it is, and fills revents.  Returns how many are; 0 when the time is over,
	 * and also early: on drain (always, once), and without a reason (rarely).  To wait for
	 * nothing, for no time, is to let others run. */
	int (*wait)(struct modus_conn *c, struct modus_pollfd *want, unsigned n, int ms);
	/* Runs work where blocking is allowed, and waits for it. */
	int (*block)(struct modus_conn *c, int (*work)(void *worker, void *arg), void *arg);
	/* The descriptor of an outbound connection was made; 0 or a negative errno.  May be NULL. */
	int (*opened)(struct modus_conn *up);
	/* That of a stream, accepted or outbound, is about to be closed.  May be NULL. */
	void (*closing)(struct modus_conn *c);
	/* A handler calls the function of that name: 0, or the negative errno that it is to fail
	 * with.  NULL, as everywhere but in tests of handlers: there is nothing to be done. */
	int (*called)(struct modus_conn *c, const char *call);
};

struct modus_model {
	const char *name, *summary;
	unsigned capabilities; /* enum modus_capability */
	const struct modus_setting *settings;
	size_t settings_size;
	/* Zeroed memory that core allocates for the model's state: so much, and so much for each
	 * worker. */
	size_t state_size, state_each;
	/* How many workers there are at most, to size the shared counters. */
	size_t (*workers)(const void *settings);
	/* Raises the ceilings so that n connections are served at once (comparisons, sizing). */
	void (*raise)(void *settings, int64_t n);
	/* Readies the state, before anything below is called, and undoes that, after.  0 or a negative
	 * errno, when close() is not called.  May be NULL. */
	int (*open)(struct modus_service *s);
	void (*close)(struct modus_service *s);
	/* Serves until the service has drained.  0, or the negative errno that ended it. */
	int (*serve)(struct modus_service *s);
	const struct modus_io *io;      /* of its workers */
	const struct modus_io *task_io; /* of start(), stop() and, on a thread of its own, tick() */
	/* A process of this model has ended (PROCESSES only); called where control_turn() is. */
	void (*reap)(struct modus_service *s);
	/* News for the topics of this mask; called by the control thread, or where control_turn() is. */
	void (*news)(struct modus_service *s, uint64_t topics);
	/* The phase of the service has changed; called likewise.  May be NULL. */
	void (*phase)(struct modus_service *s);
};

#endif
