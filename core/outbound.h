/* SPDX-License-Identifier: MIT */
/* How connections to others are made; modus_connect() itself is in <modus/handler.h>. */
#ifndef CORE_OUTBOUND_H
#define CORE_OUTBOUND_H

struct address;
struct modus_conn;
struct transport;

struct dialer {
	const struct transport *transport; /* of the connections it makes */
	/* As address_resolve(), for c; runs where blocking is allowed. */
	int (*resolve)(struct modus_conn *c, const char *text, struct address *all, int max);
	/* Gives up a descriptor and begins to connect it, without waiting.  0 or a negative errno.
	 */
	int (*dial)(struct modus_conn *up, const struct address *to);
	/* What became of it, once up can be written to: 0 or a negative errno. */
	int (*dialed)(struct modus_conn *up);
};

extern const struct dialer dialer_sockets;

#endif
