/* SPDX-License-Identifier: MIT */
/* CPython's SocketServerTest: the four kinds of sockets, and what a request is. */
#include "tests/embedding/harness.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>

static void ask(const struct modus_server *s)
{
	int fd = client(s);

	say(fd, "hello world\n");
	hear(fd, "hello world\n");
	close(fd);
}

static void run_server(const char *address)
{
	struct modus_server *s = make("line", address, NULL);
	struct serving v;

	start_serving(&v, s);
	for (int i = 0; i < 3; i++)
		ask(s);
	ASSERT_OK(stop_serving(&v));
	ck_assert_int_eq(subject.seen->requests, 3);
	ck_assert_int_eq(modus_server_count(s, "requests"), 3);
	modus_server_free(s);
}

static void run_unix(const char *scheme)
{
	char address[200], path[100];

	snprintf(path, sizeof(path), "%s/server", subject.dir);
	snprintf(address, sizeof(address), "%s://%s", scheme, path);
	run_server(address);
	ck_assert_int_eq(access(path, F_OK), -1);
}

/* Also ThreadingTCPServer, ForkingTCPServer. */
START_TEST(test_TCPServer)
{
	run_server("tcp://127.0.0.1:0");
}
END_TEST

/* Also ThreadingUnixStreamServer, ForkingUnixStreamServer. */
START_TEST(test_UnixStreamServer)
{
	run_unix("unix");
}
END_TEST

/* Also ThreadingUDPServer, ForkingUDPServer. */
START_TEST(test_UDPServer)
{
	run_server("udp://127.0.0.1:0");
}
END_TEST

/* Also ThreadingUnixDatagramServer, ForkingUnixDatagramServer. */
START_TEST(test_UnixDatagramServer)
{
	run_unix("unix-dgram");
}
END_TEST

START_TEST(test_ipv6)
{
	run_server("tcp://[::1]:0");
	memset(subject.seen, 0, sizeof(*subject.seen));
	run_server("udp://[::1]:0");
}
END_TEST

/* One connection is served to its end, over several requests; the next waits for its turn. */
START_TEST(test_handle_request)
{
	struct modus_server *s = make("lines", "tcp://127.0.0.1:0", NULL);
	int first, second;

	ASSERT_OK(modus_server_activate(s));
	for (int i = 0; i < 3; i++) {
		first = client(s);
		second = client(s);
		say(first, "a\nb\n");
		ASSERT_OK(shutdown(first, SHUT_WR));
		say(second, "c\n");
		ASSERT_OK(shutdown(second, SHUT_WR));
		ck_assert_int_eq(modus_server_handle_request(s, MODUS_FOREVER), 1);
		hear(first, "a\nb\n");
		hear_end(first);
		ck_assert_int_eq(modus_server_count(s, "accepted"), 2 * i + 1);
		ck_assert_int_eq(modus_server_handle_request(s, 20000), 1);
		hear(second, "c\n");
		close(first);
		close(second);
	}
	ck_assert_int_eq(subject.seen->timeouts, 0);
	ck_assert_int_eq(subject.seen->starts, 1); /* the state outlasts each */
	ck_assert_int_eq(subject.seen->stops, 0);
	modus_server_free(s);
	ck_assert_int_eq(subject.seen->stops, 1);
}
END_TEST

START_TEST(test_handle_request_of_datagrams)
{
	struct modus_server *s = make("line", "udp://127.0.0.1:0", NULL);
	int fd;

	ASSERT_OK(modus_server_bind(s));
	fd = client(s);
	say(fd, "a\n");
	say(fd, "b\n");
	ck_assert_int_eq(modus_server_handle_request(s, MODUS_FOREVER), 1);
	hear(fd, "a\n");
	ck_assert_int_eq(modus_server_count(s, "datagrams"), 1);
	ck_assert_int_eq(modus_server_handle_request(s, 0), 1);
	hear(fd, "b\n");
	ck_assert_int_eq(modus_server_handle_request(s, 0), 0);
	close(fd);
	modus_server_free(s);
}
END_TEST

/* A loop of the application's drives the server by its descriptor. */
START_TEST(test_fileno)
{
	struct modus_server *s = make("line", "tcp://127.0.0.1:0", NULL);
	struct pollfd p = { .events = POLLIN };
	int fd;

	ck_assert_int_eq(modus_server_fd(s, 0), -EBADF);
	ASSERT_OK(modus_server_activate(s));
	p.fd = modus_server_fd(s, 0);
	ck_assert_int_eq(modus_server_fd(s, 1), -EBADF);
	ck_assert_int_eq(poll(&p, 1, 0), 0);
	fd = client(s);
	ck_assert_int_eq(poll(&p, 1, 20000), 1);
	say(fd, "x\n");
	ck_assert_int_eq(modus_server_handle_request(s, 0), 1);
	hear(fd, "x\n");
	close(fd);
	modus_server_free(s);
}
END_TEST

/* The same handler, written against readline and printf, on a stream and on datagrams at once. */
START_TEST(test_both_kinds_at_once)
{
	struct modus_server *s = make("line", "udp://127.0.0.1:0", NULL);
	struct serving v;
	int fd;

	ASSERT_OK(modus_server_listen(s, "tcp://127.0.0.1:0"));
	start_serving(&v, s);
	ask(s);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ASSERT_OK(
		connect(fd, modus_server_address(s, 1)->addr, modus_server_address(s, 1)->addrlen));
	say(fd, "stream\n");
	hear(fd, "stream\n");
	hear_end(fd);
	close(fd);
	ASSERT_OK(stop_serving(&v));
	modus_server_free(s);
}
END_TEST

/* An empty datagram is a request, and nothing written is nothing sent. */
START_TEST(test_empty_datagram)
{
	struct modus_server *s = make("line", "udp://127.0.0.1:0", NULL);
	char byte;
	int fd;

	ASSERT_OK(modus_server_bind(s));
	fd = client(s);
	ck_assert_int_eq(send(fd, "", 0, 0), 0);
	ck_assert_int_eq(modus_server_handle_request(s, MODUS_FOREVER), 1);
	ck_assert_int_eq(subject.seen->requests, 1);
	ck_assert_int_eq(recv(fd, &byte, 1, MSG_DONTWAIT), -1);
	ck_assert_int_eq(errno, EAGAIN);
	close(fd);
	modus_server_free(s);
}
END_TEST

void add_requests(TCase *t)
{
	tcase_add_test(t, test_TCPServer);
	tcase_add_test(t, test_UnixStreamServer);
	tcase_add_test(t, test_UDPServer);
	tcase_add_test(t, test_UnixDatagramServer);
	tcase_add_test(t, test_ipv6);
	tcase_add_test(t, test_handle_request);
	tcase_add_test(t, test_handle_request_of_datagrams);
	tcase_add_test(t, test_fileno);
	tcase_add_test(t, test_both_kinds_at_once);
	tcase_add_test(t, test_empty_datagram);
}
