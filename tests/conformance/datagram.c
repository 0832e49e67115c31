/* SPDX-License-Identifier: MIT */
/* A datagram is a connection whose input ends after its last byte. */
#include "tests/conformance/harness.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

enum { BIG = 60000, CLIENTS = 50, QUIET_MS = 300 };

static struct server *every(void)
{
	return server_shared("type = \"every\";", "");
}

static void put_text(int fd, const char *text)
{
	put(fd, text, strlen(text));
}

START_TEST(lines_of_one_datagram_are_answered_in_one)
{
	int fd = client(every());

	put_text(fd, "echo one\necho two\nsession\nevents");
	expect(fd, "ok one\nok two\nok 1\nok input");
	put_text(fd, "echo without LF");
	expect(fd, "ok without LF");
}
END_TEST

START_TEST(empty_datagram_is_handled_once)
{
	int fd = client(every());

	ck_assert_int_eq(send(fd, "", 0, 0), 0);
	expect(fd, "empty");
	expect_silence(fd, 20);
}
END_TEST

START_TEST(input_ends_with_the_datagram)
{
	int fd = client(every());

	put_text(fd, "readn 5\nabcde");
	expect(fd, "ok 5\nabcde");
	put_text(fd, "readn 5\nabc");
	expect(fd, "err -EBADMSG");
	put_text(fd, "readn 5\n");
	expect(fd, "ok 0");
	put_text(fd, "peek 9\nabc");
	expect(fd, "ok 3\nabc");
	put_text(fd, "lines 3\none\ntwo");
	expect(fd, "line 3 one\nline 3 two\nend 2");
	put_text(fd, "poll 5000 in");
	expect(fd, "ok 1 in=I");
}
END_TEST

START_TEST(nothing_written_is_nothing_sent)
{
	int fd = client(server_shared("type = \"echo\";", ""));

	ck_assert_int_eq(send(fd, "", 0, 0), 0);
	expect_silence(fd, 30);
	ask(fd, "x", "x");
}
END_TEST

START_TEST(each_flush_is_a_datagram)
{
	int fd = client(every());

	put_text(fd, "flush one\nflush two\necho three");
	expect(fd, "ok one");
	expect(fd, "flushed 0\nok two");
	expect(fd, "flushed 0\nok three");
}
END_TEST

START_TEST(close_leaves_the_rest)
{
	int fd = client(every());

	put_text(fd, "echo one\nquit\necho two");
	expect(fd, "ok one\nok");
	ask(fd, "echo next", "ok next");
}
END_TEST

START_TEST(big_datagrams_go_both_ways)
{
	int fd = client(server_shared("type = \"echo\";", ""));
	static char data[BIG], got[BIG + 1];

	for (size_t i = 0; i < BIG; i++)
		data[i] = (char)(i * 13 + i / 256);
	for (int round = 0; round < 3; round++) {
		put(fd, data, BIG);
		ck_assert_int_eq(recv(fd, got, sizeof(got), 0), BIG);
		ck_assert_mem_eq(got, data, BIG);
	}
}
END_TEST

/* By core, and, where a datagram has less room than a buffer, by the system. */
START_TEST(reply_too_long_is_counted)
{
	static const char *const commands[] = { "big 100000", "big 65521" };
	int n = subject.family == AF_UNIX ? 1 : 2, fd = client(every());
	uint64_t before = server_count(every(), COUNT_undelivered);

	for (int i = 0; i < n; i++) {
		put_text(fd, commands[i]);
		server_counts(every(), COUNT_undelivered, before + (uint64_t)i + 1);
		ask(fd, "echo x", "ok x");
	}
}
END_TEST

START_TEST(many_clients_are_each_answered)
{
	int fds[CLIENTS];

	for (int i = 0; i < CLIENTS; i++)
		fds[i] = client(every());
	for (int i = 0; i < CLIENTS; i++)
		say(fds[i], "echo %d", i);
	for (int i = 0; i < CLIENTS; i++)
		expect(fds[i], "ok %d", i);
}
END_TEST

/* An address of ours on any of which the wildcard hears; "udp://[::]:80" has no host to send to. */
static void ask_at(const struct server *s, const char *host)
{
	char url[160];
	int fd;

	snprintf(url, sizeof(url), "udp://%s%s", host, strrchr(server_url(s, "test"), ':'));
	fd = client_at(url); /* connected: it hears no other sender */
	ask(fd, "echo x", "ok x");
	say(fd, "local");
	expect(fd, "ok %s", url + strlen("udp://"));
}

START_TEST(reply_leaves_from_the_address_that_was_asked)
{
	struct server *s;

	config_begin();
	config_add("test", subject.family == AF_INET ? "udp://0.0.0.0:0" : "udp://[::]:0",
		   "type = \"every\";", "");
	s = server_alone();
	ask_at(s, subject.family == AF_INET ? "127.0.0.1" : "[::1]");
	if (subject.family == AF_INET)
		ask_at(s, "127.0.0.2");
	server_stop(s);
}
END_TEST

START_TEST(nameless_peer_breaks_nothing)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	const char *path = strstr(server_url(every(), "test"), "://") + 3;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	snprintf(a.sun_path, sizeof(a.sun_path), "%s", path);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	for (int i = 0; i < 3; i++)
		put_text(fd, "echo x");
	close(fd);
	ask(client(every()), "echo y", "ok y");
}
END_TEST

/* A peer may be gone before it is answered, which the system tells only of Unix sockets.  Elsewhere
 * replies to earlier tests may still be under way and count, too; then it is not waited as long. */
START_TEST(peer_that_left_breaks_nothing)
{
	bool told = subject.family == AF_UNIX;
	enum counter end = told ? COUNT_undelivered : COUNT_bytes_out;
	uint64_t before = server_count(every(), end), each = told ? 1 : strlen("ok\n");
	int fd = client(every());

	for (int i = 0; i < 3; i++)
		put_text(fd, "sleep 30");
	hang_up(fd);
	server_reaches(every(), end, before + 3 * each);
	ask(client(every()), "echo y", "ok y");
}
END_TEST

static int queue_length(void)
{
	FILE *f = fopen("/proc/sys/net/unix/max_dgram_qlen", "re");
	int n = 0;

	ck_assert(f && fscanf(f, "%d", &n) == 1);
	fclose(f);
	return n;
}

/* Its queue is soon full, and nothing will say when there is room again. */
START_TEST(peer_that_never_reads_holds_up_nobody)
{
	struct server *s = server_new("type = \"every\";", "");
	const struct sockaddr none = { .sa_family = AF_UNSPEC };
	const struct timeval patience = { .tv_sec = PATIENCE / 1000 };
	int mute = client(s), other = client(s), n = 2 * queue_length() + 20, type;
	struct sockaddr_storage to;
	socklen_t len = url_address(server_url(s, "test"), &to, &type);
	int64_t spent;
	uint64_t taken = 0;

	ck_assert_int_eq(connect(mute, &none, sizeof(none)), 0); /* else it has no limit */
	setsockopt(mute, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	for (int i = 0; i < n; i++)
		ck_assert_int_eq(sendto(mute, "echo x", 6, 0, (struct sockaddr *)&to, len), 6);
	for (int i = 0; i < 10; i++)
		ask(other, "echo y", "ok y");
	spent = server_cpu_ms(s);
	pause_ms(QUIET_MS);
	ck_assert_int_lt(server_cpu_ms(s) - spent, QUIET_MS / 2);
	while (recv(mute, (char[8]) { 0 }, 8, MSG_DONTWAIT) > 0)
		taken++;
	ck_assert_uint_lt(taken, (uint64_t)n);
	server_counts(s, COUNT_undelivered, (uint64_t)n - taken);
	ck_assert_int_eq(sendto(mute, "echo z", 6, 0, (struct sockaddr *)&to, len), 6);
	expect(mute, "ok z");
	server_stop(s);
}
END_TEST

/* Replies to the port of another small service might go on for ever. */
START_TEST(small_services_do_not_answer_each_other)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_port = htons(19),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK + 18) };
	int from = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const char *url = server_url(server_shared("type = \"chargen\";", ""), "test");

	sscanf(strrchr(url, ':') + 1, "%hu", &to.sin_port);
	to.sin_port = htons(to.sin_port);
	if (bind(from, (struct sockaddr *)&a, sizeof(a)) == 0) {
		ck_assert_int_eq(sendto(from, "?", 1, 0, (struct sockaddr *)&to, sizeof(to)), 1);
		expect_silence(from, 50);
	} else {
		printf("left out: small_services_do_not_answer_each_other, low ports may not be "
		       "bound\n");
	}
	close(from);
}
END_TEST

void add_datagram(Suite *s)
{
	TCase *t = part(s, "datagram");

	tcase_add_test(t, lines_of_one_datagram_are_answered_in_one);
	tcase_add_test(t, empty_datagram_is_handled_once);
	tcase_add_test(t, input_ends_with_the_datagram);
	tcase_add_test(t, nothing_written_is_nothing_sent);
	tcase_add_test(t, each_flush_is_a_datagram);
	tcase_add_test(t, close_leaves_the_rest);
	tcase_add_test(t, big_datagrams_go_both_ways);
	tcase_add_test(t, reply_too_long_is_counted);
	tcase_add_test(t, many_clients_are_each_answered);
	tcase_add_test(t, peer_that_left_breaks_nothing);
	if (subject.family == AF_UNIX) {
		tcase_add_test(t, nameless_peer_breaks_nothing);
		tcase_add_test(t, peer_that_never_reads_holds_up_nobody);
	} else {
		tcase_add_test(t, reply_leaves_from_the_address_that_was_asked);
	}
	if (subject.family == AF_INET)
		tcase_add_test(t, small_services_do_not_answer_each_other);
}
