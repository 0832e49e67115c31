/* SPDX-License-Identifier: MIT */
#include "core/access.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

static const char want[] = "\"allow WHO\" or \"deny WHO\", where WHO is an address, a network as "
			   "192.0.2.0/24, \"unix\" or \"all\"";

/* The digits of a prefix length, at most max; -1: they are none. */
static int read_bits(const char *text, int max)
{
	size_t digits = strspn(text, "0123456789");
	int bits = digits > 0 && digits <= 3 && !text[digits] ? atoi(text) : -1;

	return bits <= max ? bits : -1;
}

/* Whether an address has no bit beyond its prefix. */
static bool is_network(const uint8_t *prefix, int bits, int max)
{
	for (int i = bits; i < max; i++)
		if (prefix[i / 8] & (0x80 >> i % 8))
			return false;
	return true;
}

static int parse_network(const char *who, struct access_rule *out, const char **why)
{
	size_t len = strcspn(who, "/");
	char host[INET6_ADDRSTRLEN] = "";
	int max, bits;

	*why = want;
	if (len >= sizeof(host))
		return -EINVAL;
	memcpy(host, who, len);
	out->family = strchr(host, ':') ? AF_INET6 : AF_INET;
	max = out->family == AF_INET6 ? 128 : 32;
	bits = who[len] ? read_bits(who + len + 1, max) : max;
	if (bits < 0 || inet_pton(out->family, host, out->prefix) != 1)
		return -EINVAL;
	*why = "a network whose address has no bits beyond its prefix, as 192.0.2.0/24";
	if (!is_network(out->prefix, bits, max))
		return -EINVAL;
	out->bits = (uint8_t)bits;
	return 0;
}

int access_parse(const char *text, struct access_rule *out, const char **why)
{
	const char *who = strchr(text, ' ');

	*out = (struct access_rule) { 0 };
	*why = want;
	if (!who)
		return -EINVAL;
	out->allow = !strncmp(text, "allow ", 6);
	if (!out->allow && strncmp(text, "deny ", 5))
		return -EINVAL;
	who++;
	if (!strcmp(who, "all"))
		return 0;
	if (!strcmp(who, "unix")) {
		out->family = AF_UNIX;
		return 0;
	}
	return parse_network(who, out, why);
}

sa_family_t access_bytes(const struct sockaddr *peer, uint8_t out[16])
{
	const struct sockaddr_in *in = (const void *)peer;
	const struct sockaddr_in6 *in6 = (const void *)peer;

	memset(out, 0, 16);
	if (peer->sa_family == AF_INET) {
		memcpy(out, &in->sin_addr, 4);
		return AF_INET;
	}
	if (peer->sa_family != AF_INET6)
		return peer->sa_family;
	if (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr)) {
		memcpy(out, in6->sin6_addr.s6_addr + 12, 4);
		return AF_INET;
	}
	memcpy(out, &in6->sin6_addr, 16);
	return AF_INET6;
}

static bool matches(const struct access_rule *r, sa_family_t family, const uint8_t *address)
{
	int whole = r->bits / 8, rest = r->bits % 8;

	if (r->family == AF_UNSPEC)
		return true;
	if (r->family != family || memcmp(r->prefix, address, (size_t)whole) != 0)
		return false;
	return rest == 0 || ((r->prefix[whole] ^ address[whole]) & (0xff00 >> rest) & 0xff) == 0;
}

bool access_allows(const struct access_rule *rules, size_t count, const struct sockaddr *peer)
{
	uint8_t address[16];
	sa_family_t family;

	if (count == 0)
		return true;
	family = access_bytes(peer, address);
	for (size_t i = 0; i < count; i++)
		if (matches(&rules[i], family, address))
			return rules[i].allow;
	return true;
}
