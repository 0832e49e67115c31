/* SPDX-License-Identifier: MIT */
#include "tests/faults/wrap.h"

#include <check.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

struct wrap_page *wrap_page;

static bool entered;
static _Atomic long blocks, mappings;

void *__real_mmap64(void *at, size_t size, int prot, int flags, int fd, off_t offset);

void wrap_init(void)
{
	void *page = __real_mmap64(NULL, sizeof(*wrap_page), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	ck_assert_ptr_ne(page, MAP_FAILED);
	wrap_page = page;
}

void wrap_enter(void)
{
	entered = true;
}

static struct wrap_order *current(void)
{
	return &wrap_page->orders[wrap_page->current % WRAP_ORDERS];
}

void wrap_arm(enum wrapped call, int error, long first, long last)
{
	struct wrap_order *next = &wrap_page->orders[(wrap_page->current + 1) % WRAP_ORDERS];

	next->call = (int)call;
	next->error = error;
	next->first = first;
	next->last = last;
	next->calls = next->hits = 0;
	wrap_page->current++;
}

long wrap_disarm(void)
{
	current()->call = WRAP_NOTHING;
	return current()->hits;
}

long wrap_blocks(void)
{
	return blocks;
}

long wrap_mappings(void)
{
	return mappings;
}

static bool fails(enum wrapped call)
{
	struct wrap_order *order;
	long n;

	if (!entered)
		return false;
	order = current();
	if (order->call != (int)call)
		return false;
	n = ++order->calls;
	if (n < order->first || n > order->last)
		return false;
	order->hits++;
	errno = order->error;
	return true;
}

/* ---- Calls that do nothing but fail or not
 * -----------------------------------------------------*/

#define WRAP(type, name, parameters, arguments, failure) \
	type __real_##name parameters;                   \
	type __wrap_##name parameters;                   \
	type __wrap_##name parameters                    \
	{                                                \
		if (fails(WRAP_##name))                  \
			return failure;                  \
		return __real_##name arguments;          \
	}

WRAP(int, bind, (int fd, const struct sockaddr *a, socklen_t n), (fd, a, n), -1)
WRAP(int, connect, (int fd, const struct sockaddr *a, socklen_t n), (fd, a, n), -1)
WRAP(int, dup, (int fd), (fd), -1)
WRAP(int, epoll_create1, (int flags), (flags), -1)
WRAP(int, epoll_wait, (int ep, struct epoll_event *e, int n, int ms), (ep, e, n, ms), -1)
WRAP(int, eventfd, (unsigned n, int flags), (n, flags), -1)
WRAP(FILE *, fopen64, (const char *path, const char *mode), (path, mode), NULL)
WRAP(pid_t, fork, (void), (), -1)
WRAP(int, getsockname, (int fd, struct sockaddr *a, socklen_t *n), (fd, a, n), -1)
WRAP(int, listen, (int fd, int n), (fd, n), -1)
WRAP(int, mprotect, (void *at, size_t size, int prot), (at, size, prot), -1)
WRAP(int, pidfd_open, (pid_t pid, unsigned flags), (pid, flags), -1)
WRAP(int, pipe2, (int *ends, int flags), (ends, flags), -1)
WRAP(int, poll, (struct pollfd * set, nfds_t n, int ms), (set, n, ms), -1)
WRAP(int, ppoll, (struct pollfd * set, nfds_t n, const struct timespec *time, const sigset_t *mask),
     (set, n, time, mask), -1)
WRAP(int, pthread_create,
     (pthread_t * thread, const pthread_attr_t *attr, void *(*main)(void *), void *arg),
     (thread, attr, main, arg), errno)
WRAP(ssize_t, read, (int fd, void *buf, size_t n), (fd, buf, n), -1)
WRAP(ssize_t, recv, (int fd, void *buf, size_t n, int flags), (fd, buf, n, flags), -1)
WRAP(ssize_t, recvfrom,
     (int fd, void *buf, size_t n, int flags, struct sockaddr *a, socklen_t *len),
     (fd, buf, n, flags, a, len), -1)
WRAP(ssize_t, recvmsg, (int fd, struct msghdr *m, int flags), (fd, m, flags), -1)
WRAP(ssize_t, sendmsg, (int fd, const struct msghdr *m, int flags), (fd, m, flags), -1)
WRAP(ssize_t, sendto,
     (int fd, const void *buf, size_t n, int flags, const struct sockaddr *a, socklen_t len),
     (fd, buf, n, flags, a, len), -1)
WRAP(int, setsockopt, (int fd, int level, int name, const void *value, socklen_t n),
     (fd, level, name, value, n), -1)
WRAP(int, signalfd, (int fd, const sigset_t *set, int flags), (fd, set, flags), -1)
WRAP(int, socket, (int family, int type, int protocol), (family, type, protocol), -1)
WRAP(int, timerfd_create, (int clock, int flags), (clock, flags), -1)
WRAP(ssize_t, write, (int fd, const void *buf, size_t n), (fd, buf, n), -1)

int __real_accept4(int fd, struct sockaddr *a, socklen_t *n, int flags);
int __wrap_accept4(int fd, struct sockaddr *a, socklen_t *n, int flags);
int __wrap_accept4(int fd, struct sockaddr *a, socklen_t *n, int flags)
{
	int got = fails(WRAP_accept4) ? -1 : __real_accept4(fd, a, n, flags);

	while (got >= 0 && entered && wrap_page->holds) {
		wrap_page->held = true;
		usleep(1000);
	}
	return got;
}

/* To change or end a watch needs nothing that could be used up. */
int __real_epoll_ctl(int ep, int op, int fd, struct epoll_event *e);
int __wrap_epoll_ctl(int ep, int op, int fd, struct epoll_event *e);
int __wrap_epoll_ctl(int ep, int op, int fd, struct epoll_event *e)
{
	if (op == EPOLL_CTL_ADD && fails(WRAP_epoll_ctl))
		return -1;
	return __real_epoll_ctl(ep, op, fd, e);
}

/* ---- Memory, which is counted
 * ------------------------------------------------------------------*/

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__real_realloc(void *at, size_t size);
void *__wrap_realloc(void *at, size_t size);
char *__wrap_strdup(const char *text);
void __real_free(void *at);
void __wrap_free(void *at);
void *__wrap_mmap64(void *at, size_t size, int prot, int flags, int fd, off_t offset);
int __real_munmap(void *at, size_t size);
int __wrap_munmap(void *at, size_t size);

static void *counted(void *block)
{
	blocks += block != NULL;
	return block;
}

void *__wrap_malloc(size_t size)
{
	return fails(WRAP_malloc) ? NULL : counted(__real_malloc(size));
}

void *__wrap_calloc(size_t n, size_t size)
{
	return fails(WRAP_calloc) ? NULL : counted(__real_calloc(n, size));
}

void *__wrap_realloc(void *at, size_t size)
{
	void *block = fails(WRAP_realloc) ? NULL : __real_realloc(at, size);

	return at ? block : counted(block);
}

char *__wrap_strdup(const char *text)
{
	size_t n = strlen(text) + 1;
	char *copy = __wrap_malloc(n);

	return copy ? memcpy(copy, text, n) : NULL;
}

void __wrap_free(void *at)
{
	blocks -= at != NULL;
	__real_free(at);
}

void *__wrap_mmap64(void *at, size_t size, int prot, int flags, int fd, off_t offset)
{
	void *got =
		fails(WRAP_mmap64) ? MAP_FAILED : __real_mmap64(at, size, prot, flags, fd, offset);

	mappings += got != MAP_FAILED;
	return got;
}

int __wrap_munmap(void *at, size_t size)
{
	mappings--;
	return __real_munmap(at, size);
}

/* ---- Time
 * --------------------------------------------------------------------------------------*/

int __real_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
	int rc = __real_clock_gettime(clock, now);

	if (rc == 0 && entered && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
		now->tv_sec += wrap_page->wall_ms / 1000;
	return rc;
}
