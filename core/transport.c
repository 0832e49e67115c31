/* SPDX-License-Identifier: MIT */
#include "core/transport.h"

#include "core/connection.h"
#include "core/listener.h"
#include "core/service.h"

#include <errno.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <unistd.h>

/* What a call failed with.  To the kernel a peer that acknowledges nothing for long is gone; by
 * -ETIMEDOUT we say that a deadline has passed. */
static int failure(void)
{
	return errno == ETIMEDOUT ? -ECONNRESET : -errno;
}

static ssize_t socket_receive(struct modus_conn *c, void *buf, size_t size, int flags)
{
	ssize_t n;

	do
		n = recv(c->fd, buf, size, flags);
	while (n < 0 && errno == EINTR);
	return n < 0 ? failure() : n;
}

/* Of one part and without control data, sendto() has less to copy to the kernel. */
static ssize_t send_message(int fd, const struct msghdr *m)
{
	const int flags = MSG_DONTWAIT | MSG_NOSIGNAL;
	bool plain = m->msg_iovlen == 1 && !m->msg_control;
	ssize_t n;

	do
		n = plain ? sendto(fd, m->msg_iov->iov_base, m->msg_iov->iov_len, flags,
				   m->msg_name, m->msg_namelen)
			  : sendmsg(fd, m, flags);
	while (n < 0 && errno == EINTR);
	return n < 0 ? failure() : n;
}

static ssize_t socket_send(struct modus_conn *c, const struct iovec *parts, int n)
{
	struct msghdr m = { .msg_iov = (struct iovec *)(uintptr_t)parts, .msg_iovlen = (size_t)n };

	return send_message(c->fd, &m);
}

static void set_blocking(struct modus_conn *c, int blocking)
{
	int on = !blocking;

	ioctl(c->fd, FIONBIO, &on);
}

/* sendfile(2) knows no MSG_DONTWAIT, and the accepted sockets of blocking models block. */
static ssize_t socket_sendfile(struct modus_conn *c, int fd, int64_t offset, size_t count)
{
	bool blocks =
		c->kind == CONN_STREAM && !(conn_service(c)->model->capabilities & MODUS_EVENTED);
	off_t at = offset;
	ssize_t n;

	if (blocks)
		set_blocking(c, 0);
	do
		n = sendfile(c->fd, fd, &at, count);
	while (n < 0 && errno == EINTR);
	n = n < 0 ? failure() : n;
	if (blocks)
		set_blocking(c, 1);
	return n;
}

static int socket_shutdown(struct modus_conn *c)
{
	return shutdown(c->fd, SHUT_WR) ? -errno : 0;
}

static size_t socket_unread(struct modus_conn *c)
{
	int n = 0;

	return ioctl(c->fd, SIOCINQ, &n) == 0 && n > 0 ? (size_t)n : 0;
}

static socklen_t socket_local(const struct modus_conn *c, struct sockaddr_storage *out)
{
	socklen_t len = sizeof(*out);

	return getsockname(c->fd, (struct sockaddr *)out, &len) ? sizeof(sa_family_t) : len;
}

static void socket_close(struct modus_conn *c)
{
	close(c->fd);
}

const struct transport transport_stream = {
	.receive = socket_receive,
	.send = socket_send,
	.sendfile = socket_sendfile,
	.shutdown = socket_shutdown,
	.unread = socket_unread,
	.local = socket_local,
	.close = socket_close,
};

/* Replies leave from the address that the datagram came to. */
static void set_source(const struct modus_conn *c, struct msghdr *m)
{
	struct cmsghdr *h = m->msg_control;

	if (c->peer.any.sa_family == AF_INET) {
		struct in_pktinfo info = { .ipi_ifindex = (int)c->to_interface };

		memcpy(&info.ipi_spec_dst, &c->to, sizeof(info.ipi_spec_dst));
		*h = (struct cmsghdr) { CMSG_LEN(sizeof(info)), IPPROTO_IP, IP_PKTINFO };
		memcpy(CMSG_DATA(h), &info, sizeof(info));
		m->msg_controllen = CMSG_SPACE(sizeof(info));
	} else {
		struct in6_pktinfo info = { c->to, c->to_interface };

		*h = (struct cmsghdr) { CMSG_LEN(sizeof(info)), IPPROTO_IPV6, IPV6_PKTINFO };
		memcpy(CMSG_DATA(h), &info, sizeof(info));
		m->msg_controllen = CMSG_SPACE(sizeof(info));
	}
}

static ssize_t datagram_send(struct modus_conn *c, const struct iovec *parts, int n)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(struct in6_pktinfo))] = { 0 };
	struct msghdr m = { .msg_iov = (struct iovec *)(uintptr_t)parts, .msg_iovlen = (size_t)n };
	ssize_t sent;

	m.msg_name = (void *)(uintptr_t)modus_peer_addr(c, &m.msg_namelen);
	if (m.msg_namelen <= sizeof(sa_family_t)) {
		count(c->worker, COUNT_unanswerable);
		return (ssize_t)parts->iov_len;
	}
	if (c->listener->wildcard) {
		m.msg_control = control;
		set_source(c, &m);
	}
	sent = send_message(c->fd, &m);
	/* The queue of a Unix peer is full, which our own socket's readiness says nothing of. */
	return sent == -EAGAIN && c->peer_len == 0 ? -ENOBUFS : sent;
}

static int datagram_shutdown(struct modus_conn *c)
{
	return 0;
}

static socklen_t datagram_local(const struct modus_conn *c, struct sockaddr_storage *out)
{
	const struct address *bound = &c->listener->address;

	memcpy(out, &bound->any, bound->len);
	if (c->listener->wildcard) {
		if (out->ss_family == AF_INET)
			memcpy(&((struct sockaddr_in *)out)->sin_addr, &c->to, 4);
		else
			((struct sockaddr_in6 *)out)->sin6_addr = c->to;
	}
	return bound->len;
}

static void datagram_close(struct modus_conn *c)
{
	/* the descriptor is the listener's */
}

const struct transport transport_datagram = {
	.send = datagram_send,
	.shutdown = datagram_shutdown,
	.local = datagram_local,
	.close = datagram_close,
};
