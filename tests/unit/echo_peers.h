/* SPDX-License-Identifier: MIT */
/*
 * The other side of the load engine's tests: small servers, a right one and some that each do one
 * thing wrong.  They never return, and end with the process that forked them.
 */
#ifndef TESTS_UNIT_ECHO_PEERS_H
#define TESTS_UNIT_ECHO_PEERS_H

#include <check.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SIZE = 64, BUFFER = 65536 }; /* of a message, of what may come at once */

static struct {
	pid_t pid;
	char target[160], directory[32];
} peer;

static inline void write_all(int fd, const char *buf, size_t n)
{
	while (n) {
		ssize_t sent = send(fd, buf, n, MSG_NOSIGNAL);

		if (sent < 0)
			_exit(0);
		buf += sent;
		n -= (size_t)sent;
	}
}

static inline size_t read_message(int fd, char *buf)
{
	ssize_t n = recv(fd, buf, SIZE, MSG_WAITALL);

	if (n != SIZE)
		_exit(0);
	return SIZE;
}

static inline void be_right(int fd)
{
	static char buf[BUFFER];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0)
		write_all(fd, buf, (size_t)n);
}

static inline void corrupt(int fd)
{
	char buf[SIZE];

	for (int i = 0;; i++) {
		read_message(fd, buf);
		if (i == 2)
			buf[SIZE - 1] ^= 1;
		write_all(fd, buf, SIZE);
	}
}

static inline void truncate_reply(int fd)
{
	char buf[SIZE];

	read_message(fd, buf);
	write_all(fd, buf, SIZE / 2);
}

static inline void close_early(int fd)
{
	char buf[SIZE];

	read_message(fd, buf);
}

static inline void reset(int fd)
{
	struct linger now = { .l_onoff = 1 };
	char buf[SIZE];

	read_message(fd, buf);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
}

static inline void never_answer(int fd)
{
	for (;;)
		pause();
}

static inline void repeat_the_first(int fd)
{
	char first[SIZE], buf[SIZE];

	read_message(fd, first);
	write_all(fd, first, SIZE);
	for (;;) {
		read_message(fd, buf);
		write_all(fd, first, SIZE);
	}
}

static inline void say_too_much(int fd)
{
	char buf[SIZE + 1] = "";

	read_message(fd, buf);
	write_all(fd, buf, sizeof(buf));
	read_message(fd, buf);
}

static inline void answer_three(int fd)
{
	char buf[SIZE];

	for (int i = 0; i < 3; i++) {
		read_message(fd, buf);
		write_all(fd, buf, SIZE);
	}
	read_message(fd, buf); /* or the client leaves, as it is to */
	write_all(fd, "wrong", 5);
}

/* A process per connection; they end with the one that forked them. */
static inline void serve_streams(int listener, void (*behave)(int fd))
{
	signal(SIGCHLD, SIG_IGN);
	for (;;) {
		int fd = accept(listener, NULL, NULL);

		if (fd >= 0 && !fork()) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			behave(fd);
			_exit(0);
		}
		close(fd);
	}
}

static inline void serve_datagrams(int fd, unsigned drop_each)
{
	static char buf[BUFFER];
	struct sockaddr_storage from;

	for (unsigned i = 1;; i++) {
		socklen_t len = sizeof(from);
		ssize_t n = recvfrom(fd, buf, sizeof(buf), 0, (struct sockaddr *)&from, &len);

		if (n >= 0 && (!drop_each || i % drop_each))
			sendto(fd, buf, (size_t)n, 0, (struct sockaddr *)&from, len);
	}
}

static inline void peer_start(int fd, void (*behave)(int fd), unsigned drop_each)
{
	peer.pid = fork();
	ck_assert_int_ge(peer.pid, 0);
	if (!peer.pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (behave)
			serve_streams(fd, behave);
		serve_datagrams(fd, drop_each);
	}
	close(fd);
}

static inline int peer_inet(int type, int family)
{
	struct sockaddr_in6 any = { .sin6_family = (sa_family_t)family };
	int fd = socket(family, type, 0);
	socklen_t len = sizeof(any);

	if (family == AF_INET)
		((struct sockaddr_in *)&any)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	else
		any.sin6_addr = in6addr_loopback;
	if (fd < 0 || bind(fd, (struct sockaddr *)&any, len))
		return -1;
	getsockname(fd, (struct sockaddr *)&any, &len);
	snprintf(peer.target, sizeof(peer.target), "%s://%s:%d",
		 type == SOCK_STREAM ? "tcp" : "udp", family == AF_INET ? "127.0.0.1" : "[::1]",
		 ntohs(any.sin6_port));
	if (type == SOCK_STREAM)
		ck_assert_int_eq(listen(fd, 128), 0);
	return fd;
}

static inline int peer_unix(int type)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, type, 0);

	snprintf(name.sun_path, sizeof(name.sun_path), "%s/socket", peer.directory);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&name, sizeof(name)), 0);
	snprintf(peer.target, sizeof(peer.target), "%s://%s",
		 type == SOCK_STREAM ? "unix" : "unix-dgram", name.sun_path);
	if (type == SOCK_STREAM)
		ck_assert_int_eq(listen(fd, 2), 0);
	return fd;
}

/* Makes the directory that Unix sockets are put into. */
static inline void peer_directory(void)
{
	snprintf(peer.directory, sizeof(peer.directory), "/tmp/echo_peer.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(peer.directory));
}

static inline void peer_end(void)
{
	char path[160];

	if (peer.pid > 0) {
		kill(peer.pid, SIGKILL);
		waitpid(peer.pid, NULL, 0);
	}
	snprintf(path, sizeof(path), "%s/socket", peer.directory);
	unlink(path);
	rmdir(peer.directory);
}

#endif
