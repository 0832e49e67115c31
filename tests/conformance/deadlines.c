/* SPDX-License-Identifier: MIT */
/* Deadlines: about the client, not about the handler's work. */
#include "tests/conformance/harness.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>

enum { SHORT_MS = 200, EARLY_MS = 10, MUCH = 50 << 20, REQUESTS = 1500 };

/* Only the deadline that is tested is short: on a busy machine the test itself may be late. */
static struct server *idle_is_short(void)
{
	return server_shared("type = \"every\";", "timeouts = { idle = 0.2; };");
}

static struct server *request_is_short(void)
{
	return server_shared("type = \"every\";", "timeouts = { request = 0.2; };");
}

static struct server *write_is_short(void)
{
	return server_shared("type = \"every\";", "timeouts = { write = 0.2; };");
}

static struct server *patient(void)
{
	return server_shared("type = \"every\";", "");
}

static void expect_gone_since(int fd, int64_t start, int ms)
{
	expect_gone(fd);
	ck_assert_int_ge(now_ms() - start, ms - EARLY_MS);
}

START_TEST(silent_client_is_closed)
{
	int64_t start = now_ms();

	expect_gone_since(client(idle_is_short()), start, SHORT_MS);
}
END_TEST

START_TEST(idle_client_is_closed)
{
	int fd = client(idle_is_short());
	int64_t start = now_ms(); /* once the answer is here, the server's time may be running */

	ask(fd, "echo x", "ok x");
	expect_gone_since(fd, start, SHORT_MS);
}
END_TEST

/* The request has begun with its first byte, whatever calls of handle() it takes. */
START_TEST(half_request_is_not_stretched)
{
	int fd = client(request_is_short());
	int64_t start = now_ms();

	for (int i = 0; i < 100 && client_send(fd, "e", 1) == 0; i++)
		pause_ms(SHORT_MS / 8);
	expect_gone_since(fd, start, SHORT_MS);
	ck_assert_int_lt(now_ms() - start, SHORT_MS / 8 * 100);
}
END_TEST

START_TEST(reading_times_out)
{
	int fd = client(request_is_short());
	int64_t start = now_ms();

	put(fd, "readn 10\nabc", 12);
	expect(fd, "err -ETIMEDOUT");
	ck_assert_int_ge(now_ms() - start, SHORT_MS - EARLY_MS);
	client_send(fd, "echo x\n", 7); /* the failure has stuck: this is not read */
	expect_gone(fd);
}
END_TEST

START_TEST(work_of_the_handler_is_not_counted)
{
	int fd = client(request_is_short());

	ask(fd, "sleep 250", "ok");
	ask(fd, "poll 250 pipe", "ok 0 pipe=-");
	ask(fd, "poll 250 in", "ok 0 in=-");
	say(fd, "block 250");
	ck_assert_int_ge(field(hear(fd), "works"), 1);
	say(fd, "sleep 250\nreadn 2");
	expect(fd, "ok");
	put(fd, "xy", 2);
	expect(fd, "ok 2");
	expect_bytes(fd, "xy", 2);
}
END_TEST

/* In all it takes longer than the deadline, and each piece gains a second: a test that is late now
 * and then does no harm. */
START_TEST(min_rate_stretches_a_request)
{
	static const char begin[] =
		"readn 1000\nabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwx";
	struct server *s =
		server_new("type = \"every\";", "timeouts = { request = 0.2; min_rate = 50; };");
	int fd = client(s);

	put(fd, begin, sizeof(begin) - 1);
	for (int i = 0; i < 19; i++) {
		pause_ms(25);
		put(fd, begin + 11, 50);
	}
	expect(fd, "ok 1000");
	server_stop(s);
}
END_TEST

START_TEST(peer_who_does_not_read_is_closed)
{
	uint64_t before = server_count(write_is_short(), COUNT_write_timeout);
	int fd = client(write_is_short());

	say(fd, "big %d", MUCH);
	server_counts(write_is_short(), COUNT_write_timeout, before + 1);
	ck_assert_uint_lt(discard_all(fd), MUCH);
	ask(client(write_is_short()), "echo x", "ok x");
}
END_TEST

START_TEST(peer_who_does_not_read_a_file_is_closed)
{
	uint64_t before = server_count(write_is_short(), COUNT_write_timeout);
	int fd = client(write_is_short());

	say(fd, "sendfile %d", MUCH);
	server_counts(write_is_short(), COUNT_write_timeout, before + 1);
	ck_assert_uint_lt(discard_all(fd), MUCH);
	ask(client(write_is_short()), "echo x", "ok x");
}
END_TEST

/* Sends until the service takes no more. */
static void flood(int fd, const char *line)
{
	char data[1 << 16];
	size_t n = strlen(line), used = 0;

	while (used + n <= sizeof(data)) {
		memcpy(data + used, line, n);
		used += n;
	}
	for (int idle = 0; idle < 20;) { /* so often in a row */
		if (send(fd, data, used / n * n, MSG_DONTWAIT | MSG_NOSIGNAL) > 0) {
			idle = 0;
			continue;
		}
		idle++;
		pause_ms(5);
	}
}

/* Its requests wait to be read all the while. */
START_TEST(peer_who_pipelines_and_does_not_read_is_closed)
{
	int fd = client(write_is_short());

	flood(fd, "big 10000\n");
	await(fd, 0, "being cut off");
	ask(client(write_is_short()), "echo x", "ok x");
}
END_TEST

/* They have been read, but for their replies there is no room: no event will tell of it. */
START_TEST(peer_who_waits_and_does_not_read_is_closed)
{
	static const char request[] = "big 9999\n"; /* the kernel holds megabytes of replies */
	const size_t len = sizeof(request) - 1;
	uint64_t before = server_count(write_is_short(), COUNT_write_timeout);
	int fd = client(write_is_short());
	char data[REQUESTS * (sizeof(request) - 1)];

	for (size_t i = 0; i < REQUESTS; i++)
		memcpy(data + i * len, request, len);
	put(fd, data, sizeof(data));
	server_counts(write_is_short(), COUNT_write_timeout, before + 1);
	ck_assert_uint_lt(discard_all(fd), (size_t)REQUESTS * (9999 + sizeof("ok 9999")));
	ask(client(write_is_short()), "echo x", "ok x");
}
END_TEST

/* In all it takes longer than the deadline; a test that is late now and then does not. */
static void serve_slowly(const char *command)
{
	int fd = client(server_shared("type = \"every\";", "timeouts = { write = 0.8; };"));

	say(fd, "%s %d", command, 10 << 20);
	expect(fd, "ok %d", 10 << 20);
	for (size_t at = 0; at < 10 << 20; at += 1 << 20) {
		pause_ms(100);
		expect_pattern(fd, 1 << 20, at);
	}
	ask(fd, "echo x", "ok x");
}

START_TEST(peer_who_reads_slowly_is_served)
{
	serve_slowly("big");
}
END_TEST

START_TEST(peer_who_reads_a_file_slowly_is_served)
{
	serve_slowly("sendfile");
}
END_TEST

/* Whoever connects before the service is ready has the same deadline, also after a crash. */
START_TEST(early_client_is_closed_too)
{
	struct server *s;
	int fd;

	config_begin();
	config_add("test", NULL, "type = \"every\"; start_pause = 0.5;",
		   "timeouts = { idle = 0.2; };");
	s = server_begins();
	fd = client(s);
	ck_assert(!server_logged(s, "ready: "));
	expect_gone(fd);
	server_is_ready(s);
	ck_assert_int_eq(kill(server_service(s), SIGKILL), 0);
	expect_gone(client(s));
	clients_after_test();
	server_stop(s);
}
END_TEST

START_TEST(no_time_is_over_at_once)
{
	int fd = client(patient());

	say(fd, "readwithin 0 3");
	expect(fd, "err -ETIMEDOUT");
	expect(fd, "err -ETIMEDOUT");
	client_send(fd, "abcecho x\n", 10);
	expect_gone(fd);
}
END_TEST

START_TEST(handler_sets_idle)
{
	int fd = client(patient());
	int64_t start = now_ms();

	ask(fd, "deadline idle 100", "ok");
	expect_gone_since(fd, start, 100);
	hang_up(fd);
	fd = client(idle_is_short());
	ask(fd, "deadline idle 5000", "ok");
	expect_silence(fd, 2 * SHORT_MS);
	ask(fd, "echo x", "ok x");
}
END_TEST

START_TEST(handler_sets_write)
{
	uint64_t before = server_count(patient(), COUNT_write_timeout);
	int fd = client(patient());

	ask(fd, "deadline write 100", "ok");
	say(fd, "big %d", MUCH);
	server_counts(patient(), COUNT_write_timeout, before + 1);
	ck_assert_uint_lt(discard_all(fd), MUCH);
}
END_TEST

void add_deadlines(Suite *s)
{
	TCase *t = part(s, "deadlines");

	tcase_add_test(t, silent_client_is_closed);
	tcase_add_test(t, idle_client_is_closed);
	tcase_add_test(t, half_request_is_not_stretched);
	tcase_add_test(t, reading_times_out);
	tcase_add_test(t, work_of_the_handler_is_not_counted);
	tcase_add_test(t, min_rate_stretches_a_request);
	tcase_add_test(t, peer_who_does_not_read_is_closed);
	tcase_add_test(t, peer_who_does_not_read_a_file_is_closed);
	tcase_add_test(t, peer_who_pipelines_and_does_not_read_is_closed);
	tcase_add_test(t, peer_who_waits_and_does_not_read_is_closed);
	tcase_add_test(t, peer_who_reads_slowly_is_served);
	tcase_add_test(t, peer_who_reads_a_file_slowly_is_served);
	tcase_add_test(t, early_client_is_closed_too);
	tcase_add_test(t, no_time_is_over_at_once);
	tcase_add_test(t, handler_sets_idle);
	tcase_add_test(t, handler_sets_write);
}
