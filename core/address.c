/* SPDX-License-Identifier: MIT */
#include "core/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct scheme {
	const char *name;
	int type;
	bool path;
};

static const struct scheme schemes[] = {
	{ "tcp://", SOCK_STREAM, false },
	{ "udp://", SOCK_DGRAM, false },
	{ "unix://", SOCK_STREAM, true },
	{ "unix-dgram://", SOCK_DGRAM, true },
};

static const struct scheme *find_scheme(const char *text)
{
	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++)
		if (!strncmp(text, schemes[i].name, strlen(schemes[i].name)))
			return &schemes[i];
	return NULL;
}

bool address_is_datagram(const char *text)
{
	const struct scheme *s = find_scheme(text);

	return s && s->type == SOCK_DGRAM;
}

static int parse_path(const char *path, struct address *a)
{
	size_t n = strlen(path);

	if (path[0] != '/' || n >= sizeof(a->un.sun_path))
		return -EINVAL;
	a->un.sun_family = AF_UNIX;
	memcpy(a->un.sun_path, path, n + 1);
	a->len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n + 1);
	return 0;
}

static int parse_port(const char *text, in_port_t *port)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (text[0] < '0' || text[0] > '9' || *end || n > 65535)
		return -EINVAL;
	*port = htons((uint16_t)n);
	return 0;
}

/* Divides "host:port", "[v6]:port" into two. */
static int split_host(const char *text, char *host, size_t size, in_port_t *port)
{
	const char *colon = strrchr(text, ':');
	size_t n = colon ? (size_t)(colon - text) : 0;

	if (n == 0 || n >= size)
		return -EINVAL;
	if (text[0] == '[') {
		if (text[n - 1] != ']')
			return -EINVAL;
		text++;
		n -= 2;
	} else if (memchr(text, ':', n)) {
		return -EINVAL; /* a bare IPv6 address could end in anything */
	}
	memcpy(host, text, n);
	host[n] = '\0';
	return parse_port(colon + 1, port);
}

/* A scope is the name of an interface, or its number. */
static int parse_scope(const char *text, uint32_t *scope)
{
	in_port_t number;

	*scope = if_nametoindex(text);
	if (*scope == 0 && parse_port(text, &number) == 0)
		*scope = ntohs(number);
	return *scope ? 0 : -ENOENT;
}

static int parse_v6(const char *host, struct address *a)
{
	char name[INET6_ADDRSTRLEN + IF_NAMESIZE + 1], *scope;

	if (strlen(host) >= sizeof(name))
		return -EINVAL;
	strcpy(name, host);
	scope = strchr(name, '%');
	if (scope)
		*scope++ = '\0';
	if (inet_pton(AF_INET6, name, &a->in6.sin6_addr) != 1)
		return -EINVAL;
	a->in6.sin6_family = AF_INET6;
	a->len = sizeof(a->in6);
	return scope ? parse_scope(scope, &a->in6.sin6_scope_id) : 0;
}

static int parse_host(const char *text, struct address *a)
{
	char host[256];
	in_port_t port;
	int rc = split_host(text, host, sizeof(host), &port);

	if (rc)
		return rc;
	if (text[0] == '[') {
		a->in6.sin6_port = port;
		return parse_v6(host, a);
	}
	if (inet_pton(AF_INET, strcmp(host, "*") ? host : "0.0.0.0", &a->in.sin_addr) != 1)
		return strspn(host, "0123456789.") == strlen(host) ? -EINVAL : -ENOENT;
	a->in.sin_family = AF_INET;
	a->in.sin_port = port;
	a->len = sizeof(a->in);
	return 0;
}

int address_parse(const char *text, struct address *a)
{
	const struct scheme *s = find_scheme(text);

	*a = (struct address) { 0 };
	if (!s)
		return -EINVAL;
	a->type = s->type;
	text += strlen(s->name);
	return s->path ? parse_path(text, a) : parse_host(text, a);
}

static int lookup(const char *host, int type, in_port_t port, struct address *all, int max)
{
	struct addrinfo hints = { .ai_socktype = type }, *list, *at;
	int n = 0;

	if (getaddrinfo(host, NULL, &hints, &list))
		return -ENOENT;
	for (at = list; at && n < max; at = at->ai_next) {
		struct address *a = &all[n];

		if (at->ai_family != AF_INET && at->ai_family != AF_INET6)
			continue;
		*a = (struct address) { .type = type, .len = at->ai_addrlen };
		memcpy(&a->any, at->ai_addr, at->ai_addrlen);
		if (at->ai_family == AF_INET)
			a->in.sin_port = port;
		else
			a->in6.sin6_port = port;
		n++;
	}
	freeaddrinfo(list);
	return n > 0 ? n : -ENOENT;
}

int address_resolve(const char *text, struct address *all, int max)
{
	const struct scheme *s = find_scheme(text);
	int rc = address_parse(text, &all[0]);
	char host[256];
	in_port_t port;

	if (rc != -ENOENT)
		return rc ? rc : 1;
	rc = split_host(text + strlen(s->name), host, sizeof(host), &port);
	return rc ? rc : lookup(host, s->type, port, all, max);
}

/* By hand: handlers that look at every peer must not pay for printf(). */
static char *put_number(char *at, unsigned n)
{
	char digits[10];
	int count = 0;

	do
		digits[count++] = (char)('0' + n % 10);
	while (n /= 10);
	while (count > 0)
		*at++ = digits[--count];
	return at;
}

static void text_v4(const struct sockaddr_in *in, char *out, size_t size)
{
	const unsigned char *byte = (const unsigned char *)&in->sin_addr;
	char text[sizeof("255.255.255.255:65535")], *at = text;
	size_t n;

	for (int i = 0; i < 4; i++) {
		at = put_number(at, byte[i]);
		*at++ = i < 3 ? '.' : ':';
	}
	at = put_number(at, ntohs(in->sin_port));
	n = (size_t)(at - text) < size ? (size_t)(at - text) : size - 1;
	memcpy(out, text, n);
	out[n] = '\0';
}

static void text_v6(const struct sockaddr_in6 *in6, char *out, size_t size)
{
	char host[INET6_ADDRSTRLEN], scope[IF_NAMESIZE + 1] = "";

	inet_ntop(AF_INET6, &in6->sin6_addr, host, sizeof(host));
	if (in6->sin6_scope_id && if_indextoname(in6->sin6_scope_id, scope + 1))
		scope[0] = '%';
	snprintf(out, size, "[%s%s]:%d", host, scope, ntohs(in6->sin6_port));
}

void address_text(const struct sockaddr *addr, socklen_t len, char *out, size_t size)
{
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)addr;
	const struct sockaddr_un *un = (const struct sockaddr_un *)addr;
	size_t path = offsetof(struct sockaddr_un, sun_path);

	switch (len >= sizeof(sa_family_t) ? addr->sa_family : AF_UNSPEC) {
	case AF_INET:
		text_v4((const struct sockaddr_in *)addr, out, size);
		break;
	case AF_INET6:
		text_v6(in6, out, size);
		break;
	case AF_UNIX:
		if (len > path && un->sun_path[0] == '\0') /* abstract */
			snprintf(out, size, "unix:@%.*s", (int)(len - path - 1), un->sun_path + 1);
		else
			snprintf(out, size, "unix:%.*s", (int)(len > path ? len - path : 0),
				 un->sun_path);
		break;
	default:
		snprintf(out, size, "-");
	}
}

void address_url(const struct address *a, char *out, size_t size)
{
	bool datagram = a->type == SOCK_DGRAM, path = a->any.sa_family == AF_UNIX;
	char text[ADDRESS_TEXT_MAX];

	address_text(&a->any, a->len, text, sizeof(text));
	if (path)
		snprintf(out, size, "%s://%s", datagram ? "unix-dgram" : "unix", text + 5);
	else
		snprintf(out, size, "%s://%s", datagram ? "udp" : "tcp", text);
}
