/* SPDX-License-Identifier: MIT */
/*
 * Waits to the nanosecond, as far as the kernel can: a schedule of thousands of requests per second
 * cannot be kept in milliseconds.  Where there is no epoll_pwait2() (before Linux 5.11, and under
 * valgrind), ppoll() on the epoll is as exact, and one call more.
 */
#include "compare/load/load_conn.h"

#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>

static int wait_by_ppoll(int epoll, struct epoll_event *events, int max, const struct timespec *t)
{
	struct pollfd fd = { .fd = epoll, .events = POLLIN };
	int n = ppoll(&fd, 1, t, NULL);

	return n > 0 ? epoll_wait(epoll, events, max, 0) : n;
}

int load_wait(struct load *l, struct epoll_event *events, int max, int64_t ns)
{
	const struct timespec t = { .tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000 };
	int n;

	if (ns <= 0)
		return epoll_wait(l->epoll, events, max, 0);
	n = l->by_ppoll ? -1 : epoll_pwait2(l->epoll, events, max, &t, NULL);
	if (n < 0 && !l->by_ppoll && errno == ENOSYS)
		l->by_ppoll = true;
	return l->by_ppoll ? wait_by_ppoll(l->epoll, events, max, &t) : n;
}
