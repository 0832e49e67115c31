/* SPDX-License-Identifier: MIT */
/* Addresses as texts: "tcp://host:port", "udp://[::1]:53", "unix:///path", "unix-dgram:///path". */
#ifndef CORE_ADDRESS_H
#define CORE_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

struct address {
	int type; /* SOCK_STREAM or SOCK_DGRAM */
	socklen_t len;
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
		struct sockaddr_un un;
	};
};

enum { ADDRESS_TEXT_MAX = 160 };

/* Reads text into *a; hosts must be numeric ("*" is 0.0.0.0).  0; -EINVAL: not of these forms, or
 * too long; -ENOENT: the host is a name, for address_resolve(). */
int address_parse(const char *text, struct address *a);

/* The same, looking names up (which blocks): fills at most max of all, returns how many. */
int address_resolve(const char *text, struct address *all, int max);

/* Writes "192.0.2.1:80", "[2001:db8::1]:80" or "unix:/path" (an unnamed one is "unix:"). */
void address_text(const struct sockaddr *addr, socklen_t len, char *out, size_t size);

/* Writes the form that address_parse() reads. */
void address_url(const struct address *a, char *out, size_t size);

bool address_is_datagram(const char *text); /* of an address text */

#endif
