/* SPDX-License-Identifier: MIT */
/*
 * A worker is a place where handlers run: the process of iterative, a child of fork, a thread, an
 * event loop.  It lends buffers, counts in a slot of its own, and is where attach() data belongs.
 */
#ifndef CORE_WORKER_H
#define CORE_WORKER_H

#include "core/counters.h"
#include "core/lease.h"

#include <modus/model.h>

#include <pthread.h>

struct conn_table;
struct dialer;
struct instance;

struct modus_worker {
	struct modus_service *service;
	const struct modus_io *io;
	struct slot *slot;
	struct conn_table *table;    /* where its connections stand */
	const struct dialer *dialer; /* for modus_connect() */
	struct lease_pool leases;
	struct worker_data *data; /* of attach(), one for each instance; allocated at first use */
	int64_t now;              /* when it last looked at the clock; 0 = it does not keep that */
	unsigned index;           /* of its slot */
	bool poison;              /* consumed input is overwritten (tests of handlers) */
};

/* Readies w as worker index of s, with the strategy io. */
void worker_init(struct modus_worker *w, struct modus_service *s, unsigned index,
		 const struct modus_io *io);

/* This thread is w from here on, and w's slot tells: news is sent to it, and it cannot wait for its
 * own service to end.  It is named, unless name is NULL. */
void worker_begin(struct modus_worker *w, const char *name);

/* It is w no more; another may begin. */
void worker_end(struct modus_worker *w);

/* Ends it, detaches what was attached and frees what w holds; what it counted stays in its slot. */
void worker_finish(struct modus_worker *w);

/* The detaching alone, for a process that ends now. */
void worker_detach(struct modus_worker *w);

/* Runs work with w's data for instance i (NULL: none), calling attach() first where that has not
 * been done. */
int worker_work(struct modus_worker *w, struct instance *i, int (*work)(void *, void *), void *arg);

/* Starts a thread with a stack of that size, or of the plugin's wish if that is more.  With thread
 * NULL it is detached.  0 or a negative errno. */
int worker_thread(struct modus_service *s, pthread_t *thread, int64_t stack,
		  void *(*main)(void *arg), void *arg);

/* pthread_create(), but no signal of a host's reaches the thread.  0 or a negative errno. */
int worker_spawn(struct modus_service *s, pthread_t *thread, const pthread_attr_t *attributes,
		 void *(*main)(void *arg), void *arg);

static inline void count(struct modus_worker *w, enum counter which)
{
	counter_add(w->slot, which, 1);
}

#endif
