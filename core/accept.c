/* SPDX-License-Identifier: MIT */
/*
 * Taking the next client off a listener.  Failures of accept come in four classes: try again (the
 * call was interrupted, or nobody is there), this one is lost (its connection broke before it was
 * accepted), not now (descriptors or memory are used up: pause, never spin), and fatal.
 */
#include "core/host.h"
#include "core/listener.h"
#include "core/service.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { REFUSALS_MAX = 64 };

static bool is_lost(int error)
{
	switch (error) {
	case ECONNABORTED:
	case EPROTO:
	case ENETDOWN:
	case ENOPROTOOPT:
	case EHOSTDOWN:
	case ENONET:
	case EHOSTUNREACH:
	case EOPNOTSUPP:
	case ENETUNREACH:
	case EPERM:
	case EINTR:
		return true;
	default:
		return false;
	}
}

static bool is_shortage(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

/* Accepting pauses. */
static int short_of(struct modus_worker *w)
{
	count(w, COUNT_out_of_descriptors);
	return -EBUSY;
}

static int accept_one(struct modus_listener *l, struct modus_worker *w,
		      struct sockaddr_storage *peer, socklen_t *len)
{
	bool evented = w->service->model->capabilities & MODUS_EVENTED;
	int fd;

	for (;;) {
		*len = sizeof(*peer);
		fd = accept4(l->fd, (struct sockaddr *)peer, len,
			     SOCK_CLOEXEC | (evented ? SOCK_NONBLOCK : 0));
		if (fd >= 0)
			return fd;
		if (!is_lost(errno))
			break;
		if (errno != EINTR)
			count(w, COUNT_accept_error);
	}
	return is_shortage(errno) ? short_of(w) : -errno;
}

/* Accepts until somebody is admitted, but turns only so many away at a time: others wait, too. */
static int accept_admitted(struct modus_listener *l, struct modus_worker *w,
			   struct sockaddr_storage *peer, socklen_t *len)
{
	struct admission *a = &w->service->admission;

	for (int i = 0; i < REFUSALS_MAX; i++) {
		bool reserved = admission_reserve(a);
		enum counter refusal;
		int fd;

		if (a->limits->full == PLAN_FULL_WAIT && !reserved) {
			count(w, COUNT_at_limit);
			return -EBUSY;
		}
		fd = accept_one(l, w, peer, len);
		if (fd < 0) {
			if (reserved)
				admission_unreserve(a);
			return fd;
		}
		refusal = admission_enter(a, (struct sockaddr *)peer, reserved);
		if (refusal == COUNT_KINDS)
			return fd;
		count(w, refusal);
		close(fd);
	}
	return -EAGAIN;
}

static int take_stream(struct modus_listener *l, struct modus_worker *w, struct modus_conn **out)
{
	struct sockaddr_storage peer;
	struct modus_conn *c;
	socklen_t len;
	int fd = accept_admitted(l, w, &peer, &len);

	if (fd < 0)
		return fd;
	c = conn_new(w, CONN_STREAM);
	if (!c) {
		struct seat seat = admission_seat((struct sockaddr *)&peer);

		admission_leave(&w->service->admission, &seat);
		close(fd);
		return short_of(w);
	}
	c->fd = fd;
	c->transport = &transport_stream;
	c->listener = l;
	conn_set_peer(c, (struct sockaddr *)&peer, len);
	count(w, COUNT_accepted);
	*out = c;
	return 0;
}

/* Where the datagram came to, for the reply to leave from there. */
static void note_destination(struct modus_conn *c, struct msghdr *m)
{
	struct cmsghdr *h;

	for (h = CMSG_FIRSTHDR(m); h; h = CMSG_NXTHDR(m, h)) {
		if (h->cmsg_level == IPPROTO_IP && h->cmsg_type == IP_PKTINFO) {
			struct in_pktinfo info;

			memcpy(&info, CMSG_DATA(h), sizeof(info));
			memcpy(&c->to, &info.ipi_spec_dst, sizeof(info.ipi_spec_dst));
			c->to_interface = (unsigned)info.ipi_ifindex;
		} else if (h->cmsg_level == IPPROTO_IPV6 && h->cmsg_type == IPV6_PKTINFO) {
			struct in6_pktinfo info;

			memcpy(&info, CMSG_DATA(h), sizeof(info));
			if (!IN6_IS_ADDR_MULTICAST(&info.ipi6_addr))
				c->to = info.ipi6_addr;
			c->to_interface = info.ipi6_ifindex;
		}
	}
}

/* recvmsg() without control data; there is less to copy to the kernel and back. */
static ssize_t receive_plain(int fd, struct msghdr *m)
{
	const struct iovec *part = m->msg_iov;
	ssize_t n = recvfrom(fd, part->iov_base, part->iov_len, MSG_DONTWAIT | MSG_TRUNC,
			     m->msg_name, &m->msg_namelen);

	m->msg_flags = n > (ssize_t)part->iov_len ? MSG_TRUNC : 0;
	return m->msg_flags ? (ssize_t)part->iov_len : n;
}

static ssize_t receive_message(int fd, struct msghdr *m)
{
	ssize_t n;

	do
		n = m->msg_control ? recvmsg(fd, m, MSG_DONTWAIT) : receive_plain(fd, m);
	while (n < 0 && (errno == EINTR || errno == ECONNREFUSED));
	return n < 0 ? -errno : n;
}

/* The next datagram of somebody who may send one. */
static ssize_t hear(struct modus_listener *l, struct modus_worker *w, struct msghdr *m)
{
	socklen_t name = m->msg_namelen, control = (socklen_t)m->msg_controllen;

	for (int i = 0; i < REFUSALS_MAX; i++) {
		ssize_t n = receive_message(l->fd, m);

		if (n < 0 || admission_hears(&w->service->admission, m->msg_name))
			return n;
		count(w, COUNT_denied);
		m->msg_namelen = name;
		m->msg_controllen = control;
	}
	return -EAGAIN;
}

static int take_datagram(struct modus_listener *l, struct modus_worker *w, struct modus_conn **out)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(struct in6_pktinfo))];
	struct modus_conn *c = conn_new(w, CONN_DATAGRAM);
	struct sockaddr_storage peer;
	struct iovec part;
	struct msghdr m = { .msg_name = &peer,
			    .msg_namelen = sizeof(peer),
			    .msg_iov = &part,
			    .msg_iovlen = 1,
			    .msg_control = l->wildcard ? control : NULL,
			    .msg_controllen = l->wildcard ? sizeof(control) : 0 };
	ssize_t n;

	if (!c)
		return short_of(w);
	if (conn_lend(c)) {
		conn_drop(c);
		return short_of(w);
	}
	peer.ss_family = l->address.any.sa_family; /* nothing is written of who has no name */
	part = (struct iovec) { c->lease->in, LEASE_INPUT };
	n = hear(l, w, &m);
	if (n < 0) {
		conn_forget(c);
		return is_shortage((int)-n) ? short_of(w) : (int)n;
	}
	c->fd = l->fd;
	c->transport = &transport_datagram;
	c->listener = l;
	c->in_len = (uint32_t)n;
	c->flags |= CONN_END;
	conn_set_peer(c, (struct sockaddr *)&peer, m.msg_namelen);
	if (l->wildcard)
		note_destination(c, &m);
	count(w, COUNT_datagrams);
	counter_add(w->slot, COUNT_bytes_in, (uint64_t)n);
	if (m.msg_flags & MSG_TRUNC)
		count(w, COUNT_truncated);
	*out = c;
	return 0;
}

int listener_take(struct modus_listener *l, struct modus_worker *w, struct modus_conn **out)
{
	struct host *h = w->service->host;
	int rc;

	if (!host_takes(h))
		return -EBUSY;
	rc = l->datagram ? take_datagram(l, w, out) : take_stream(l, w, out);
	host_took(h, rc == 0);
	if (rc == 0)
		atomic_fetch_add_explicit(&w->service->board->served, 1, memory_order_relaxed);
	return rc == -EWOULDBLOCK ? -EAGAIN : rc;
}
