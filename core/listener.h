/* SPDX-License-Identifier: MIT */
/*
 * Listeners: stream sockets that listen and datagram sockets, of all families.
 *
 * They belong to the supervisor and outlive service processes.  They are non-blocking for ever:
 * that flag belongs to the open file description, which all processes share.
 */
#ifndef CORE_LISTENER_H
#define CORE_LISTENER_H

#include "core/address.h"
#include "core/plan.h"

#include <sys/types.h>

struct modus_conn;
struct modus_worker;

struct modus_listener {
	int fd;
	unsigned index;
	bool datagram;
	bool inherits;             /* accepted sockets have its SO_RCVTIMEO (Unix ones have not) */
	bool wildcard;             /* the address that a client came to must be asked for */
	struct address address;    /* where it really is bound */
	struct modus_address name; /* unless wildcard, its clients' modus_local() */
	char name_text[ADDRESS_TEXT_MAX];
	int backlog; /* in effect */
	dev_t dev;   /* of the Unix socket's file, to remove none but ours */
	ino_t ino;
};

struct listeners {
	size_t count;
	struct modus_listener *all;
};

/* Binds what plan lists; stale Unix sockets are replaced.  0, or a negative errno that was logged.
 */
int listeners_bind(const struct plan_service *plan, struct listeners **out);

/* Listens on what is bound.  0, or a negative errno that was logged; l is still to be closed. */
int listeners_listen(struct listeners *l, const struct plan_service *plan);

/* Both. */
int listeners_open(const struct plan_service *plan, struct listeners **out);

/* Closes them and removes the files of Unix sockets that are still these.  NULL is fine. */
void listeners_close(struct listeners *l);

/* Closes the descriptors only: in a process to which they do not belong. */
void listeners_forget(struct listeners *l);

/*
 * Takes the next client off l: accepts a connection, or receives a datagram into a lease of w.
 * 0 and *out, in state CONN_NEW; -EAGAIN: there is none; -EBUSY: not now, ask again after
 * LISTENER_PAUSE_MS (the limit of connections is reached, or descriptors or memory are used up);
 * any other: the listener is of no use any more.
 */
int listener_take(struct modus_listener *l, struct modus_worker *w, struct modus_conn **out);
enum { LISTENER_PAUSE_MS = 50 };

#endif
