/* SPDX-License-Identifier: MIT */
/*
 * The floor of pool: 16 threads on one epoll, as models/pool.c has it.  A connection is armed for
 * one event, so that one thread has it, and armed again when it was answered; the listener is edge-
 * triggered, so that one thread takes what has come.  The event holds the descriptor: there is
 * nothing else to know of a connection.
 *
 * Sockets block, so that a reply for which there is no room stops one thread of the 16, and
 * receiving does not.
 */
#include "floor.h"

#include <pthread.h>
#include <sys/epoll.h>

enum { THREADS = 16, STACK = 64 << 10 };

static int ep, listener;

static int arm(int op, int fd)
{
	struct epoll_event e = { .events = EPOLLIN | EPOLLRDHUP | EPOLLONESHOT, .data.fd = fd };

	return epoll_ctl(ep, op, fd, &e);
}

static void take_clients(void)
{
	int fd;

	while ((fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) >= 0)
		if (arm(EPOLL_CTL_ADD, fd))
			close(fd);
}

static void serve(int fd)
{
	char buf[FLOOR_BUFFER];
	ssize_t n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);

	if (n > 0 ? !floor_send(fd, buf, (size_t)n) || arm(EPOLL_CTL_MOD, fd)
		  : n == 0 || errno != EAGAIN || arm(EPOLL_CTL_MOD, fd))
		close(fd);
}

static void *run(void *arg)
{
	struct epoll_event e;

	for (;;) {
		if (epoll_wait(ep, &e, 1, -1) < 1)
			continue;
		if (e.data.fd == listener)
			take_clients();
		else
			serve(e.data.fd);
	}
	return arg;
}

int main(void)
{
	struct epoll_event e = { .events = EPOLLIN | EPOLLET };
	pthread_attr_t attr;

	ep = epoll_create1(EPOLL_CLOEXEC);
	floor_check(ep, "epoll_create1");
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK);
	listener = e.data.fd = floor_open(SOCK_STREAM | SOCK_NONBLOCK);
	floor_check(epoll_ctl(ep, EPOLL_CTL_ADD, listener, &e), "epoll_ctl");
	for (int i = 1; i < THREADS; i++) {
		pthread_t thread;

		floor_check(-pthread_create(&thread, &attr, run, NULL), "pthread_create");
	}
	run(NULL);
}
