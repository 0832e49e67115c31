/* SPDX-License-Identifier: MIT */
/* Connections that handlers open. */
#include "tests/conformance/harness.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { TUNNELED = 4 << 20, PIECE = 64 << 10 };

static struct server *every(void)
{
	return server_shared("type = \"every\";", "");
}

static void relay_over(const char *scheme)
{
	int fd = client(every()), listener, up;
	char url[128];

	listener = upstream_listen(scheme, url, sizeof(url));
	say(fd, "connect %s", url);
	up = upstream_accept(listener);
	expect(fd, "ok");
	ask(fd, "connect tcp://127.0.0.1:1", "err -EISCONN");
	for (int i = 0; i < 3; i++) {
		say(fd, "relay question %d", i);
		expect(up, "question %d", i);
		say(up, "answer %d", i);
		expect(fd, "ok answer %d", i);
	}
	say(fd, "poll 5000 pipe up");
	expect_silence(fd, 20);
	say(up, "more");
	expect(fd, "ok 1 pipe=- up=I");
	ask(fd, "upclose", "ok");
	expect_gone(up);
	ask(fd, "relay x", "err -ENOTCONN");
}

START_TEST(relays_over_tcp)
{
	relay_over("tcp");
}
END_TEST

START_TEST(relays_over_unix)
{
	relay_over("unix");
}
END_TEST

/* One question over UDP, which is answered with exactly this text. */
static void relay_datagram(const char *answer)
{
	struct sockaddr_storage a;
	socklen_t n = sizeof(a);
	char url[128], got[64];
	int fd = client(server_new("type = \"every\";", ""));
	int up = upstream_listen("udp", url, sizeof(url));
	struct pollfd p = { up, POLLIN, 0 };

	say(fd, "connect %s\nrelay who", url);
	ck_assert_int_eq(poll(&p, 1, PATIENCE), 1);
	ck_assert_int_eq(recvfrom(up, got, sizeof(got), 0, (struct sockaddr *)&a, &n), 4);
	ck_assert_mem_eq(got, "who\n", 4);
	ck_assert_int_ge(sendto(up, answer, strlen(answer), 0, (struct sockaddr *)&a, n), 0);
	if (subject.datagram) {
		expect(fd, "ok\nok me");
		return;
	}
	expect(fd, "ok");
	expect(fd, "ok me");
}

START_TEST(relays_over_udp)
{
	relay_datagram("me\n");
}
END_TEST

START_TEST(end_of_a_datagram_ends_its_line)
{
	relay_datagram("me");
}
END_TEST

/* Nobody is there: the kernel says so after the first datagram. */
START_TEST(refusal_of_a_datagram_is_told)
{
	int fd = client(every());
	char url[128];

	hang_up(upstream_listen("udp", url, sizeof(url)));
	say(fd, "connect %s\nupsend who\npoll 5000 pipe up\nrelay who", url);
	if (subject.datagram) {
		expect(fd, "ok\nok\nok 1 pipe=- up=IE\nerr -ECONNREFUSED");
		return;
	}
	expect(fd, "ok");
	expect(fd, "ok");
	expect(fd, "ok 1 pipe=- up=IE");
	expect(fd, "err -ECONNREFUSED");
	ask(fd, "echo still here", "ok still here");
}
END_TEST

START_TEST(end_of_the_upstream_is_told)
{
	int fd = client(every()), listener, up;
	char url[128];

	listener = upstream_listen("tcp", url, sizeof(url));
	say(fd, "connect %s", url);
	up = upstream_accept(listener);
	expect(fd, "ok");
	say(fd, "relay x");
	expect(up, "x");
	hang_up(up);
	expect(fd, "end");
	ask(fd, "echo still here", "ok still here");
}
END_TEST

START_TEST(upstream_ends_with_its_connection)
{
	int fd = client(every()), listener, up;
	char url[128];

	listener = upstream_listen("tcp", url, sizeof(url));
	say(fd, "connect %s", url);
	up = upstream_accept(listener);
	expect(fd, "ok");
	hang_up(fd);
	expect_gone(up);
}
END_TEST

START_TEST(failures_to_connect_do_not_stick)
{
	int fd = client(every());
	char url[128], command[160];

	hang_up(upstream_listen("tcp", url, sizeof(url)));
	snprintf(command, sizeof(command), "connect %s", url);
	ask(fd, command, "err -ECONNREFUSED");
	snprintf(command, sizeof(command), "connect unix://%s/nobody", subject.dir);
	ask(fd, command, "err -ENOENT");
	ask(fd, "connect nonsense", "err -EINVAL");
	ask(fd, "connect tcp://127.0.0.1", "err -EINVAL");
	ask(fd, "connect tcp://127.0.0.1:99999", "err -EINVAL");
	ask(fd, "connect ftp://127.0.0.1:1", "err -EINVAL");
	ask(fd, "error", "ok 0");
	ask(fd, "echo still here", "ok still here");
}
END_TEST

/* Nobody accepts, and the queue is full: no answer comes. */
START_TEST(connecting_times_out)
{
	char url[128], command[160];
	int listener = upstream_listen("tcp", url, sizeof(url)), fd = client(every());
	struct sockaddr_storage a;
	int64_t start;
	int type;
	socklen_t n = url_address(url, &a, &type);

	ck_assert_int_eq(listen(listener, 0), 0);
	for (int i = 0; i < 3; i++)
		(void)!connect(
			client_keep(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)),
			(struct sockaddr *)&a, n); /* none of them is answered */
	start = now_ms();
	snprintf(command, sizeof(command), "connect %s 100", url);
	ask(fd, command, "err -ETIMEDOUT");
	ck_assert_int_ge(now_ms() - start, 100);
	ask(fd, "echo still here", "ok still here");
}
END_TEST

START_TEST(unknown_host_is_told)
{
	ask(client(every()), "connect tcp://nobody.invalid:1", "err -ENOENT");
}
END_TEST

/* Sends and reads at the same time, as both ways of the tunnel are full. */
static void exchange(int fd, char *data)
{
	size_t sent = 0, got = 0;
	char *back = malloc(TUNNELED);

	while (got < TUNNELED) {
		struct pollfd p = { fd, (short)(POLLIN | (sent < TUNNELED ? POLLOUT : 0)), 0 };
		ssize_t n;

		ck_assert_msg(poll(&p, 1, PATIENCE) == 1, "stuck after %zu sent, %zu back", sent,
			      got);
		n = p.revents & POLLOUT ? send(fd, data + sent, TUNNELED - sent, MSG_DONTWAIT) : 0;
		sent += n > 0 ? (size_t)n : 0;
		n = p.revents & POLLIN ? recv(fd, back + got, TUNNELED - got, MSG_DONTWAIT) : 0;
		ck_assert_msg(!(p.revents & POLLIN) || n > 0, "the end after %zu back", got);
		got += n > 0 ? (size_t)n : 0;
	}
	ck_assert_mem_eq(data, back, TUNNELED);
	free(back);
}

START_TEST(tunnel_moves_both_ways)
{
	int fd = client(every()), listener;
	char url[128], *data = malloc(TUNNELED);

	for (size_t i = 0; i < TUNNELED; i++)
		data[i] = (char)(i * 31 + i / 256);
	listener = upstream_listen("tcp", url, sizeof(url));
	say(fd, "tunnel %s", url);
	upstream_echo_start(listener);
	expect(fd, "ok");
	exchange(fd, data);
	put(fd, "last words", 10);
	end_output(fd);
	expect_bytes(fd, "last words", 10);
	expect_end(fd);
	upstream_echo_join();
	free(data);
}
END_TEST

/* The far end stops reading for a while, with more under way than all buffers hold. */
START_TEST(tunnel_waits_for_room)
{
	int fd = client(every()), listener, up;
	char url[128], *data = calloc(1, TUNNELED);
	size_t sent = 0;
	ssize_t n;

	listener = upstream_listen("tcp", url, sizeof(url));
	say(fd, "tunnel %s", url);
	up = upstream_accept(listener);
	expect(fd, "ok");
	for (int idle = 0; idle < 20 && sent < 4 * (size_t)TUNNELED;) {
		n = send(fd, data, PIECE, MSG_DONTWAIT | MSG_NOSIGNAL);
		sent += n > 0 ? (size_t)n : 0;
		idle = n > 0 ? 0 : idle + 1;
		if (n < 0)
			pause_ms(2);
	}
	put(up, "other way", 9);
	expect_bytes(fd, "other way", 9);
	end_output(fd);
	ck_assert_uint_eq(discard_all(up), sent);
	hang_up(up);
	expect_end(fd);
	free(data);
}
END_TEST

void add_upstream(Suite *s)
{
	TCase *t = part(s, "upstream");

	tcase_add_test(t, relays_over_udp);
	tcase_add_test(t, end_of_a_datagram_ends_its_line);
	tcase_add_test(t, refusal_of_a_datagram_is_told);
	tcase_add_test(t, failures_to_connect_do_not_stick);
	tcase_add_test(t, connecting_times_out);
	tcase_add_test(t, unknown_host_is_told);
	if (subject.datagram)
		return;
	tcase_add_test(t, relays_over_tcp);
	tcase_add_test(t, relays_over_unix);
	tcase_add_test(t, end_of_the_upstream_is_told);
	tcase_add_test(t, upstream_ends_with_its_connection);
	tcase_add_test(t, tunnel_moves_both_ways);
	tcase_add_test(t, tunnel_waits_for_room);
}
