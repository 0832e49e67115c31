/* SPDX-License-Identifier: MIT */
/*
 * What the floors share: a socket on a port of the kernel's choice, said on standard error the way
 * modus does, and the echo of those that may block.
 *
 * A floor is what a good programmer writes who wants that one program and nothing else: no limits,
 * no deadlines, no drain.  TCP_NODELAY is set on the listener, whose connections inherit it, and
 * the clients' addresses are not asked for.  An error at the start ends it; one of a client, its
 * connection.
 */
#ifndef COMPARE_FLOORS_FLOOR_H
#define COMPARE_FLOORS_FLOOR_H

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FLOOR_BUFFER = 4096, FLOOR_BACKLOG = 4096 }; /* the former as in plugins/echo */

static inline void floor_check(int rc, const char *what)
{
	if (rc >= 0)
		return;
	perror(what);
	exit(1);
}

/* A bound socket; type may have SOCK_NONBLOCK in it. */
static inline int floor_open(int type)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0), one = 1;
	socklen_t len = sizeof(at);

	floor_check(fd, "socket");
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	floor_check(bind(fd, (struct sockaddr *)&at, len), "bind");
	floor_check(getsockname(fd, (struct sockaddr *)&at, &len), "getsockname");
	signal(SIGPIPE, SIG_IGN);
	if ((type & ~SOCK_NONBLOCK) == SOCK_STREAM) {
		floor_check(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)), "nodelay");
		floor_check(listen(fd, FLOOR_BACKLOG), "listen");
		fprintf(stderr, "listening on tcp://127.0.0.1:%d\nready\n", ntohs(at.sin_port));
	} else {
		fprintf(stderr, "listening on udp://127.0.0.1:%d\nready\n", ntohs(at.sin_port));
	}
	return fd;
}

/* Accepts one of a blocking listener. */
static inline int floor_accept(int listener)
{
	int fd;

	do
		fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	while (fd < 0 && (errno == EINTR || errno == ECONNABORTED));
	floor_check(fd, "accept4");
	return fd;
}

/* Sends all n bytes on a socket that blocks: whether it could. */
static inline int floor_send(int fd, const char *buf, size_t n)
{
	while (n > 0) {
		ssize_t sent = send(fd, buf, n, 0);

		if (sent < 0)
			return 0;
		buf += sent;
		n -= (size_t)sent;
	}
	return 1;
}

/* Echoes until the client ends, on a socket that blocks. */
static inline void floor_echo(int fd)
{
	char buf[FLOOR_BUFFER];
	ssize_t n;

	while ((n = recv(fd, buf, sizeof(buf), 0)) > 0 && floor_send(fd, buf, (size_t)n))
		;
}

#endif
