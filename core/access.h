/* SPDX-License-Identifier: MIT */
/*
 * Access rules: "allow 192.0.2.0/24", "deny 2001:db8::/32", "allow unix", "deny all".  The first
 * that matches a client's address decides.
 */
#ifndef CORE_ACCESS_H
#define CORE_ACCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct access_rule {
	bool allow;
	sa_family_t family; /* AF_UNSPEC: everybody */
	uint8_t bits;       /* of the prefix */
	uint8_t prefix[16];
};

/* Reads one rule.  0, or -EINVAL: why says what is wanted of it. */
int access_parse(const char *text, struct access_rule *out, const char **why);

/* Whether the rules let that client in; one whom none matches is let in. */
bool access_allows(const struct access_rule *rules, size_t count, const struct sockaddr *peer);

/* The address of an internet client, an IPv4-mapped one as IPv4: its bytes in out, and its family;
 * any other has no bytes. */
sa_family_t access_bytes(const struct sockaddr *peer, uint8_t out[16]);

#endif
