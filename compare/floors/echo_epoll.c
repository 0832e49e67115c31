/* SPDX-License-Identifier: MIT */
/*
 * The floor of epoll: one loop, edge-triggered.  A short read means that the socket is empty,
 * unless the end of input follows; what a client does not take is kept, and nothing is read from it
 * until it has taken that.
 */
#include "floor.h"

#include <string.h>
#include <sys/epoll.h>

enum { EVENTS = 512 };

struct client {
	int fd;
	int ended;         /* the end of input is in the socket */
	size_t sent, owed; /* of kept */
	char *kept;        /* NULL: nothing */
};

static void end(struct client *c)
{
	close(c->fd);
	free(c->kept);
	free(c);
}

static int keep(struct client *c, const char *buf, size_t n)
{
	c->kept = malloc(n);
	if (!c->kept)
		return 0;
	memcpy(c->kept, buf, n);
	c->sent = 0;
	c->owed = n;
	return 1;
}

/* Sends what was kept: 1 if nothing is left, 0 if there is no more room, -1 if the client is gone.
 */
static int send_kept(struct client *c)
{
	while (c->sent < c->owed) {
		ssize_t n = send(c->fd, c->kept + c->sent, c->owed - c->sent, 0);

		if (n < 0)
			return errno == EAGAIN ? 0 : -1;
		c->sent += (size_t)n;
	}
	free(c->kept);
	c->kept = NULL;
	return 1;
}

/* Whether there is more to do for c, later. */
static int serve(struct client *c)
{
	char buf[FLOOR_BUFFER];
	ssize_t n, sent;
	int rc = c->kept ? send_kept(c) : 1;

	if (rc <= 0)
		return rc == 0;
	for (;;) {
		n = recv(c->fd, buf, sizeof(buf), 0);
		if (n <= 0)
			return n < 0 && errno == EAGAIN;
		sent = send(c->fd, buf, (size_t)n, 0);
		if (sent < 0 && errno != EAGAIN)
			return 0;
		if (sent < n)
			return keep(c, buf + (sent > 0 ? sent : 0),
				    (size_t)(n - (sent > 0 ? sent : 0)));
		if ((size_t)n < sizeof(buf) && !c->ended)
			return 1;
	}
}

static void admit(int ep, int fd)
{
	struct epoll_event e = { .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET };
	struct client *c = calloc(1, sizeof(*c));

	if (!c) {
		close(fd);
		return;
	}
	c->fd = fd;
	e.data.ptr = c;
	if (epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e))
		end(c);
}

static void handle(int ep, int listener, const struct epoll_event *e)
{
	struct client *c = e->data.ptr;
	int fd;

	if (!c) {
		while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0)
			admit(ep, fd);
		return;
	}
	if (e->events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR))
		c->ended = 1;
	if (!serve(c))
		end(c);
}

int main(void)
{
	struct epoll_event events[EVENTS], e = { .events = EPOLLIN };
	int ep = epoll_create1(EPOLL_CLOEXEC), listener = floor_open(SOCK_STREAM | SOCK_NONBLOCK);

	floor_check(epoll_ctl(ep, EPOLL_CTL_ADD, listener, &e), "epoll_ctl");
	for (;;) {
		int n = epoll_wait(ep, events, EVENTS, -1);

		for (int i = 0; i < n; i++)
			handle(ep, listener, &events[i]);
	}
}
