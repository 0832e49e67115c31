/* SPDX-License-Identifier: MIT */
/* What the kernel's sockets say, and what it is called here. */
#include "core/transport.h"

#include "service_fixture.h"

#include <netinet/tcp.h>

/* ---- A peer that answers no more ---- */

/* A TCP connection with a peer that takes nothing; the ends of it in ends[]. */
static void connect_tcp(int ends[2])
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(a);

	ck_assert_int_eq(bind(listener, (struct sockaddr *)&a, len), 0);
	ck_assert_int_eq(setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &(int) { 4096 }, sizeof(int)),
			 0);
	ck_assert_int_eq(listen(listener, 1), 0);
	ck_assert_int_eq(getsockname(listener, (struct sockaddr *)&a, &len), 0);
	ends[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(connect(ends[0], (struct sockaddr *)&a, len), 0);
	ends[1] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	ck_assert_int_ge(ends[1], 0);
	close(listener);
}

/* To the kernel it has timed out; no deadline of ours has. */
START_TEST(test_peer_that_the_kernel_gives_up)
{
	static char data[1 << 16];
	struct modus_conn *c;
	struct pollfd p;
	int ends[2];

	rig_set_up();
	connect_tcp(ends);
	ck_assert_int_eq(
		setsockopt(ends[0], IPPROTO_TCP, TCP_USER_TIMEOUT, &(int) { 50 }, sizeof(int)), 0);
	while (send(ends[0], data, sizeof(data), MSG_DONTWAIT) > 0)
		continue;
	p = (struct pollfd) { ends[0], POLLIN, 0 };
	ck_assert_int_eq(poll(&p, 1, 20000), 1);
	c = rig_adopt(ends[0]);
	ck_assert_int_eq(modus_read(c, data, 1), -ECONNRESET);
	ck_assert_uint_eq(rig_count(COUNT_reset), 1);
	ck_assert_uint_eq(rig_count(COUNT_request_timeout), 0);
	rig_close(c);
	close(ends[1]);
	rig_end();
}
END_TEST

/* ---- Replies to datagrams ---- */

static struct {
	struct modus_listener listener;
	struct sockaddr_un peer; /* of a socket that may be gone */
	int fd;                  /* that socket */
} mail;

static socklen_t name_peer(void)
{
	socklen_t len = sizeof(mail.peer);

	mail.fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	mail.peer.sun_family = AF_UNIX;
	ck_assert_int_eq(bind(mail.fd, (struct sockaddr *)&mail.peer, sizeof(sa_family_t)), 0);
	ck_assert_int_eq(getsockname(mail.fd, (struct sockaddr *)&mail.peer, &len), 0);
	return len;
}

/* A datagram from that peer, as if it had just been received. */
static struct modus_conn *receive_from(socklen_t len)
{
	struct modus_conn *c = conn_new(&rig.worker, CONN_DATAGRAM);

	ck_assert_ptr_nonnull(c);
	ck_assert_int_eq(conn_lend(c), 0);
	c->fd = mail.listener.fd;
	c->transport = &transport_datagram;
	c->listener = &mail.listener;
	c->in = c->lease->in;
	memcpy(c->in, "?", c->in_len = 1);
	c->flags |= CONN_END;
	c->write_ms = 1000;
	conn_set_peer(c, (struct sockaddr *)&mail.peer, len);
	return c;
}

static size_t reply_size;

static int reply(struct modus_conn *c)
{
	static const char data[60000];

	modus_consume(c, 1);
	return modus_write(c, data, reply_size);
}

static void begin_mail(void)
{
	rig_defaults();
	rig.plugin.handle = reply;
	rig_begin();
	reply_size = 1;
	mail.listener.fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

static void end_mail(void)
{
	close(mail.listener.fd);
	rig_end();
}

static void ck_undelivered(uint64_t n)
{
	ck_assert_uint_eq(rig_count(COUNT_undelivered), n);
	ck_assert_uint_eq(rig_count(COUNT_lost) + rig_count(COUNT_reset) +
				  rig_count(COUNT_write_timeout) + rig_count(COUNT_handler_error),
			  0);
	ck_assert_int_ge(fcntl(mail.listener.fd, F_GETFD), 0); /* others are still heard */
}

START_TEST(test_reply_to_one_who_is_gone)
{
	socklen_t len;

	begin_mail();
	len = name_peer();
	close(mail.fd);
	for (uint64_t i = 1; i <= 3; i++) {
		ck_assert_int_eq(conn_step(receive_from(len)), CONN_STEP_CLOSED);
		ck_undelivered(i);
	}
	end_mail();
}
END_TEST

/* It waits for nothing: no event would tell when there is room. */
START_TEST(test_reply_to_one_who_never_reads)
{
	socklen_t len;
	int sent = 0;

	begin_mail();
	len = name_peer();
	while (sendto(mail.listener.fd, "", 1, 0, (struct sockaddr *)&mail.peer, len) == 1)
		sent++;
	ck_assert_int_gt(sent, 0);
	ck_assert_int_eq(conn_step(receive_from(len)), CONN_STEP_CLOSED);
	ck_undelivered(1);
	ck_assert_int_eq(recv(mail.fd, &(char) { 0 }, 1, 0), 1);
	ck_assert_int_eq(conn_step(receive_from(len)), CONN_STEP_CLOSED);
	ck_undelivered(1);
	close(mail.fd);
	end_mail();
}
END_TEST

START_TEST(test_reply_that_is_too_long)
{
	socklen_t len;

	begin_mail();
	len = name_peer();
	ck_assert_int_eq(
		setsockopt(mail.listener.fd, SOL_SOCKET, SO_SNDBUF, &(int) { 4096 }, sizeof(int)),
		0);
	reply_size = 60000;
	ck_assert_int_eq(conn_step(receive_from(len)), CONN_STEP_CLOSED);
	ck_undelivered(1);
	close(mail.fd);
	end_mail();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_peer_that_the_kernel_gives_up,
		test_reply_to_one_who_is_gone,
		test_reply_to_one_who_never_reads,
		test_reply_that_is_too_long,
	};

	return SUITE_RUN("transport", tests, NULL, NULL);
}
