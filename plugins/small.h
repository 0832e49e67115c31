/* SPDX-License-Identifier: MIT */
/*
 * What the small services share: whom they do not answer.
 *
 * A datagram's sender can be forged.  One that claims to come from another small service makes the
 * two answer each other for ever, so datagrams from the ports of such services, and from the port
 * that we serve ourselves, are not answered.  Two echo services on different high ports are beyond
 * what can be seen here: keep them from each other with a packet filter.
 */
#ifndef PLUGINS_SMALL_H
#define PLUGINS_SMALL_H

#include <arpa/inet.h>
#include <errno.h>
#include <modus/handler.h>
#include <netinet/in.h>

enum { SMALL_PORTS = 20 }; /* RFC 862 to 868 live below, on 7, 9, 13, 17, 19; all but time, on 37 */

/* The port of an address, 0 where it has none. */
static inline unsigned small_port(const struct sockaddr *a)
{
	switch (a->sa_family) {
	case AF_INET:
		return ntohs(((const struct sockaddr_in *)(const void *)a)->sin_port);
	case AF_INET6:
		return ntohs(((const struct sockaddr_in6 *)(const void *)a)->sin6_port);
	default:
		return 0;
	}
}

/* Whether the address is of this machine: loopback, or a Unix socket. */
static inline bool small_is_local(const struct modus_address *a)
{
	const struct sockaddr_in *in = (const void *)a->addr;
	const struct sockaddr_in6 *in6 = (const void *)a->addr;

	switch (a->addr->sa_family) {
	case AF_UNIX:
		return true;
	case AF_INET:
		return ntohl(in->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
	case AF_INET6:
		return IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr) ||
		       (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr) &&
			in6->sin6_addr.s6_addr[12] == IN_LOOPBACKNET);
	default:
		return false;
	}
}

/* A verify() for services that answer datagrams. */
static inline int small_verify(const struct modus_conn *c)
{
	socklen_t len;
	unsigned port = modus_is_datagram(c) ? small_port(modus_peer_addr(c, &len)) : 0;

	if (port == 0)
		return 0;
	if (port < SMALL_PORTS || port == 37 || port == small_port(modus_local(c)->addr))
		return -EPERM;
	return 0;
}

#endif
