/* SPDX-License-Identifier: MIT */
/*
 * How bytes move: what a strategy (who waits, and how) calls once it may.  Each tries once and
 * returns a count or a negative errno; EINTR never shows.
 */
#ifndef CORE_TRANSPORT_H
#define CORE_TRANSPORT_H

#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

struct modus_conn;

/* A datagram has no receive(), sendfile() and unread(): all that came was received with it. */
struct transport {
	/* flags: MSG_DONTWAIT, or 0 for as long as the socket's own timeout says. */
	ssize_t (*receive)(struct modus_conn *c, void *buf, size_t size, int flags);
	ssize_t (*send)(struct modus_conn *c, const struct iovec *parts, int n); /* never waits */
	ssize_t (*sendfile)(struct modus_conn *c, int fd, int64_t offset, size_t count);
	int (*shutdown)(struct modus_conn *c);  /* our output */
	size_t (*unread)(struct modus_conn *c); /* bytes that the kernel holds for us */
	/* Our own address; its length, sizeof(sa_family_t) where it has none. */
	socklen_t (*local)(const struct modus_conn *c, struct sockaddr_storage *out);
	void (*close)(struct modus_conn *c);
};

extern const struct transport transport_stream;   /* a socket of its own */
extern const struct transport transport_datagram; /* one datagram of a listener's socket */

#endif
