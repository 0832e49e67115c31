/* SPDX-License-Identifier: MIT */
/*
 * Opens the client's sockets.
 *
 * With one connection per request, the pairs of client port and address would run out: each stays
 * in TIME_WAIT for a minute, at the client, which closes first.  So the connections to 127.0.0.0/8
 * come from 127.0.1.1 to 127.0.1.200 in turn, which gives 28,000 ports each.  The port is chosen by
 * connect() (IP_BIND_ADDRESS_NO_PORT), which can reuse what bind() alone could not.  No SO_LINGER:
 * it would send resets in the place of the orderly end that servers have to handle.
 */
#include "compare/load/load_conn.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <unistd.h>

enum { SOURCES = 200, SOURCE_FIRST = 0x7f000101 };

static bool to_loopback(const struct address *a)
{
	return a->any.sa_family == AF_INET && ntohl(a->in.sin_addr.s_addr) >> 24 == 127;
}

static int bind_source(uint32_t *next_source, int fd)
{
	struct sockaddr_in from = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(SOURCE_FIRST + (*next_source)++ % SOURCES),
	};
	int one = 1;

	if (setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof(one)))
		return -errno;
	return bind(fd, (struct sockaddr *)&from, sizeof(from)) ? -errno : 0;
}

/* A nameless client of a Unix datagram socket cannot be answered: the kernel picks it a name. */
static int bind_name(int fd)
{
	sa_family_t family = AF_UNIX;

	return bind(fd, (struct sockaddr *)&family, sizeof(family)) ? -errno : 0;
}

static int prepare(const struct address *target, uint32_t *next_source, int fd)
{
	int one = 1;

	if (target->any.sa_family == AF_UNIX)
		return target->type == SOCK_DGRAM ? bind_name(fd) : 0;
	if (target->type != SOCK_STREAM)
		return 0;
	if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)))
		return -errno;
	return to_loopback(target) ? bind_source(next_source, fd) : 0;
}

int load_socket(const struct address *target, uint32_t *next_source)
{
	int fd = socket(target->any.sa_family, target->type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int err = fd < 0 ? -errno : prepare(target, next_source, fd);

	if (!err && connect(fd, &target->any, target->len) && errno != EINPROGRESS)
		err = -errno;
	if (err && fd >= 0)
		close(fd);
	return err ? err : fd;
}

int conn_socket(struct load *l, struct load_conn *c)
{
	int fd = load_socket(&l->target, &l->next_source);

	c->fd = fd < 0 ? -1 : fd;
	return fd < 0 ? fd : 0;
}
