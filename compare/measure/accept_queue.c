/* SPDX-License-Identifier: MIT */
#include "compare/measure/accept_queue.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { LOOK_MS = 20, LISTENING = 10 /* TCP_LISTEN, in the kernel's words for unix sockets, too */ };

/* ---- Asking -----------------------------------------------------------------------------------*/

/* Calls count with each answer to a question that was sent: their sum, or a negative errno;
 * -ENOENT, if there was none that counts. */
static int answers(const struct accept_queue *q,
		   int (*count)(const struct accept_queue *q, struct nlmsghdr *h))
{
	_Alignas(struct nlmsghdr) char room[16384];
	int sum = 0, found = 0;

	for (;;) {
		ssize_t n = recv(q->fd, room, sizeof(room), 0);
		struct nlmsghdr *h = (struct nlmsghdr *)room;

		if (n < 0)
			return -errno;
		for (; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n)) {
			int one;

			if (h->nlmsg_type == NLMSG_ERROR)
				return ((struct nlmsgerr *)NLMSG_DATA(h))->error;
			if (h->nlmsg_type == NLMSG_DONE)
				return found ? sum : -ENOENT;
			one = count(q, h);
			found += one >= 0;
			sum += one > 0 ? one : 0;
			if (!(h->nlmsg_flags & NLM_F_MULTI))
				return found ? sum : -ENOENT;
		}
	}
}

static bool all_zero(const __be32 *address)
{
	return !address[0] && !address[1] && !address[2] && !address[3];
}

/* The depth of one of TCP's listeners; -1: it is another's. */
static int count_tcp(const struct accept_queue *q, struct nlmsghdr *h)
{
	const struct inet_diag_msg *m = NLMSG_DATA(h);
	const __be32 *at = m->id.idiag_src;
	bool ours = all_zero(at);
	in_port_t port = q->at.any.sa_family == AF_INET ? q->at.in.sin_port : q->at.in6.sin6_port;

	if (m->idiag_family == q->at.any.sa_family)
		ours |= m->idiag_family == AF_INET
				? at[0] == q->at.in.sin_addr.s_addr
				: !memcmp(at, &q->at.in6.sin6_addr, sizeof(q->at.in6.sin6_addr));
	return ours && m->id.idiag_sport == port ? (int)m->idiag_rqueue : -1;
}

static int ask_tcp(const struct accept_queue *q, int family)
{
	struct {
		struct nlmsghdr head;
		struct inet_diag_req_v2 request;
	} ask = { { .nlmsg_len = sizeof(ask),
		    .nlmsg_type = SOCK_DIAG_BY_FAMILY,
		    .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		  { .sdiag_family = (uint8_t)family,
		    .sdiag_protocol = IPPROTO_TCP,
		    .idiag_states = 1 << LISTENING } };

	/* sin6_port is where sin_port is: the kernel passes over other ports. */
	ask.request.id.idiag_sport = q->at.in.sin_port;
	return send(q->fd, &ask, sizeof(ask), 0) < 0 ? -errno : answers(q, count_tcp);
}

static int count_unix(const struct accept_queue *q, struct nlmsghdr *h)
{
	struct unix_diag_msg *m = NLMSG_DATA(h);
	ssize_t left = (ssize_t)h->nlmsg_len - (ssize_t)NLMSG_LENGTH(sizeof(*m));
	struct rtattr *a = (struct rtattr *)(m + 1);

	if (m->udiag_ino != q->inode || m->udiag_state != LISTENING)
		return -1;
	for (; RTA_OK(a, left); a = RTA_NEXT(a, left))
		if (a->rta_type == UNIX_DIAG_RQLEN)
			return (int)((struct unix_diag_rqlen *)RTA_DATA(a))->udiag_rqueue;
	return -1;
}

static int ask_unix(const struct accept_queue *q)
{
	struct {
		struct nlmsghdr head;
		struct unix_diag_req request;
	} ask = { { .nlmsg_len = sizeof(ask),
		    .nlmsg_type = SOCK_DIAG_BY_FAMILY,
		    .nlmsg_flags = NLM_F_REQUEST },
		  { .sdiag_family = AF_UNIX,
		    .udiag_states = 1 << LISTENING,
		    .udiag_ino = q->inode,
		    .udiag_show = UDIAG_SHOW_RQLEN,
		    .udiag_cookie = { INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE } } };

	return send(q->fd, &ask, sizeof(ask), 0) < 0 ? -errno : answers(q, count_unix);
}

/* Whoever listens on [::] may have IPv4's clients, too. */
int accept_queue_depth(const struct accept_queue *q)
{
	int four, six;

	if (q->at.any.sa_family == AF_UNIX)
		return ask_unix(q);
	four = q->at.any.sa_family == AF_INET ? ask_tcp(q, AF_INET) : -ENOENT;
	if (four >= 0)
		return four;
	six = ask_tcp(q, AF_INET6);
	return six == -ENOENT ? four : six;
}

/* ---- Its life ---------------------------------------------------------------------------------*/

/* The number of the socket that listens at the path; 0: there is none. */
static uint32_t unix_inode(const char *path)
{
	FILE *f = fopen("/proc/net/unix", "re");
	char line[256], at[128];
	unsigned flags, inode, found = 0;

	while (f && !found && fgets(line, sizeof(line), f))
		if (sscanf(line, "%*s %*s %*s %x %*s %*s %u %127[^\n]", &flags, &inode, at) == 3 &&
		    flags & 0x10000 /* it accepts */ && !strcmp(at, path))
			found = inode;
	if (f)
		fclose(f);
	return found;
}

int accept_queue_open(struct accept_queue *q, const struct address *a)
{
	int depth;

	*q = (struct accept_queue) { .at = *a, .fd = -1, .stop_fd = -1 };
	if (a->type != SOCK_STREAM)
		return -EOPNOTSUPP;
	if (a->any.sa_family == AF_UNIX)
		q->inode = unix_inode(a->un.sun_path);
	if (a->any.sa_family == AF_UNIX && !q->inode)
		return -ENOENT;
	q->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	q->stop_fd = q->fd < 0 ? -1 : eventfd(0, EFD_CLOEXEC);
	if (q->stop_fd < 0)
		return -errno;
	depth = accept_queue_depth(q);
	return depth < 0 ? depth : 0;
}

void accept_queue_close(struct accept_queue *q)
{
	accept_queue_end(q);
	if (q->fd >= 0)
		close(q->fd);
	if (q->stop_fd >= 0)
		close(q->stop_fd);
	q->fd = q->stop_fd = -1;
}

static void *look(void *arg)
{
	struct accept_queue *q = arg;
	struct pollfd stop = { .fd = q->stop_fd, .events = POLLIN };

	do {
		int depth = accept_queue_depth(q);

		if (depth < 0)
			continue;
		q->looks++;
		q->sum += (unsigned)depth;
		q->peak = (unsigned)depth > q->peak ? (unsigned)depth : q->peak;
	} while (poll(&stop, 1, LOOK_MS) == 0);
	return NULL;
}

int accept_queue_begin(struct accept_queue *q)
{
	sigset_t all, before;
	int err;

	q->looks = q->sum = q->peak = 0;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err = pthread_create(&q->thread, NULL, look, q);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	q->running = !err;
	return -err;
}

void accept_queue_end(struct accept_queue *q)
{
	eventfd_t seen;

	if (!q->running)
		return;
	eventfd_write(q->stop_fd, 1);
	pthread_join(q->thread, NULL);
	eventfd_read(q->stop_fd, &seen);
	q->running = false;
}
