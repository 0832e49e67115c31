/* SPDX-License-Identifier: MIT */
/*
 * A connection: a client's, an outbound one, one datagram, or a task without a peer.
 *
 * What it needs while it is parked stands in here and is kept small; what it needs while it is
 * served is lent (core/lease.h).
 */
#ifndef CORE_CONNECTION_H
#define CORE_CONNECTION_H

#include "core/address.h"
#include "core/deadlines.h"
#include "core/transport.h"
#include "core/worker.h"

#include <pthread.h>

enum conn_kind { CONN_STREAM, CONN_DATAGRAM, CONN_OUTBOUND, CONN_TASK };
enum conn_state { CONN_FREE, CONN_NEW, CONN_OPEN, CONN_FINISHING };

enum conn_flag {
	CONN_END = 1 << 0,        /* the input has ended */
	CONN_SET_UP = 1 << 1,     /* setup() was well: finish() is owed */
	CONN_SPOKEN = 1 << 2,     /* the first handle() of one that speaks first was called */
	CONN_AGAIN = 1 << 3,      /* handle() consumed something and left something */
	CONN_CONSUMED = 1 << 4,   /* the running callback consumed something */
	CONN_IN_WORK = 1 << 5,    /* modus_block()'s work runs: no I/O */
	CONN_SHUT = 1 << 6,       /* our output is to end once it is sent */
	CONN_SHUT_DONE = 1 << 7,  /* it has ended */
	CONN_DRAIN_TOLD = 1 << 8, /* modus_poll() has returned 0 for the drain */
	CONN_KEPT = 1 << 9,       /* in points to memory of its own, kept while parked */
	CONN_MESSAGES = 1 << 10,  /* outbound datagrams: a short receive says nothing of the next */
	CONN_CUT = 1 << 11,       /* its request was counted as cut by the end of the grace */
	CONN_LAST_LOOK = 1 << 12, /* it was looked for input after the drain began */
};

/* How it waits for its next step; what others may do to it depends on this alone. */
enum conn_parked {
	CONN_RUNNING, /* it does not: it is in a step */
	CONN_IDLE,    /* between two requests */
	CONN_MIDWAY,  /* with part of a request */
	CONN_QUEUED,  /* its strategy will step it in its turn, whatever happens */
};

enum conn_poke { CONN_POKE_NEWS = 1, CONN_POKE_EXPIRED = 2 };

/* What every step needs stands first; sizes are side by side, so that there is one hole. */
struct modus_conn {
	_Atomic uint64_t topics; /* that it subscribed to, as a mask; read by others */
	_Atomic uint8_t parked;  /* enum conn_parked */
	_Atomic uint8_t poked;   /* enum conn_poke, set by others */
	/* From here on zeroed for each connection. */
	uint8_t kind, state;
	uint16_t ready; /* the strategy's: what stands ready, POLL... */
	uint16_t flags; /* enum conn_flag */
	int fd;
	uint8_t events;          /* why handle() is called */
	uint8_t peer_len;        /* 0: in names, or nameless */
	int in_error, out_error; /* the failures that stick */
	int idle_ms, request_left_ms, write_ms;
	uint32_t in_len; /* unconsumed bytes at in */
	char *in;
	struct lease *lease;         /* while it is served */
	struct modus_worker *worker; /* who serves it, or did last */
	const struct transport *transport;
	struct instance *instance; /* the one that calls act for; see modus_enter() */
	struct modus_conn *owner, *outbound;
	void *waiter; /* the strategy's: who waits for it; if CONN_QUEUED, after it */
	union {
		struct {                       /* of a stream */
			int64_t due;           /* to be stepped then at the latest, while parked */
			struct deadline timer; /* the strategy's, for that */
		};
		struct {                    /* of a datagram, which never parks */
			struct in6_addr to; /* where it came to; v4 in its first four bytes */
			unsigned to_interface;
		};
	};
	struct modus_conn *prev, *next; /* in its table, or among its owner's outbound ones */
	struct modus_listener *listener;
	struct subscription *news;
	struct conn_names *names; /* addresses, once somebody asked */
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	} peer;
	_Alignas(16) char session[];
};

_Static_assert(sizeof(struct modus_conn) <= 208, "each parked connection costs this");

/* ---- Tables: connections of a service or of a loop; memory is reused but never given back, so an
 * event that comes late finds a connection, if perhaps another one: one step too many. ---- */

struct conn_table {
	pthread_mutex_t lock; /* also held where a descriptor is closed or shut from outside */
	bool alone;           /* only one thread looks at it: it is not locked */
	struct modus_conn *live, *spare;
	struct conn_slab *slabs;
	size_t conn_size, count;
};

void conn_table_init(struct conn_table *t, size_t session_size);
void conn_table_finish(struct conn_table *t);
void conn_table_lock(struct conn_table *t);
void conn_table_unlock(struct conn_table *t);

/* Ends the blocked receive of every idle connection, or of every parked one. */
void conn_table_interrupt(struct conn_table *t, bool all);

/* ---- For listeners and models ---- */

/* What a step came to: step c again when there is cause, at the latest when c->due has come; it
 * could go on, let others have a turn; it is gone. */
enum conn_next { CONN_STEP_PARKED, CONN_STEP_YIELDED, CONN_STEP_CLOSED };

/* A new connection of w, in state CONN_NEW and in w's table; NULL: out of memory. */
struct modus_conn *conn_new(struct modus_worker *w, enum conn_kind kind);

/* Serves c as far as it goes. */
enum conn_next conn_step(struct modus_conn *c);

/* Whether c, which is new, is to be stepped before it has input: its plugin may refuse it, set it
 * up or speak first. */
bool conn_starts_at_once(const struct modus_conn *c);

/* Whether c, about to park, would have to be stepped again at once: news, or the service's end. */
bool conn_has_cause(struct modus_conn *c);
bool conn_must_end(const struct modus_conn *c); /* the latter */

/* Steps c until it is closed: for workers that have nothing else to do. */
void conn_run(struct modus_conn *c);

/* Hands c over to another worker before its next step, with the lease if it has one. */
void conn_move(struct modus_conn *c, struct modus_worker *to);

/* Closes c, which cannot be served after all: a stream that has not been stepped, or a datagram. */
void conn_lose(struct modus_conn *c);

/* Drops this process's copy of c, which another process serves. */
void conn_forget(struct modus_conn *c);

/* Frees c and nothing else: one whose making failed. */
void conn_drop(struct modus_conn *c);

/* Readies a task for worker w: a connection without peer, to run start(), stop() and tick() with.
 */
struct modus_conn *conn_task_begin(struct modus_worker *w);
void conn_task_end(struct modus_conn *task);

/* ---- Within core ---- */

static inline struct modus_service *conn_service(const struct modus_conn *c)
{
	return c->worker->service;
}

/* c, or the connection that opened it. */
static inline struct modus_conn *conn_root(struct modus_conn *c)
{
	return c->owner ? c->owner : c;
}

/* Lends it what it needs while it is served, if it has not that yet.  0 or -ENOMEM. */
int conn_lend_now(struct modus_conn *c);
static inline int conn_lend(struct modus_conn *c)
{
	return c->lease ? 0 : conn_lend_now(c);
}

void conn_unlend(struct modus_conn *c);          /* keeps unconsumed input */
void conn_unlend_family(struct modus_conn *c);   /* with all that c opened */
void conn_finish(struct modus_conn *c, int end); /* sends, finish(), lingers */
void conn_release(struct modus_conn *c);         /* closes and frees */
void conn_peer_text(const struct modus_conn *c, char *out, size_t size);
struct seat conn_seat(const struct modus_conn *c); /* what it takes up */
void conn_set_peer(struct modus_conn *c, const struct sockaddr *addr, socklen_t len);
void conn_names_free(struct modus_conn *c);
void conn_close_outbound(struct modus_conn *c);          /* all that c opened */
int conn_count_failure(struct modus_conn *c, int error); /* under its name; returns error */
int conn_count_unsent(struct modus_conn *c, int error);  /* the same of a failure to send */

/* What the strategy has to say of a call: 0, or what it is to fail with. */
static inline int conn_called(struct modus_conn *c, const char *call)
{
	const struct modus_io *io = c->worker->io;

	return io->called ? io->called(c, call) : 0;
}

/* What a call of the contract does first: refuses I/O where it is forbidden.  0 or negative errno.
 */
int conn_enter(struct modus_conn *c, const char *call);

#endif
