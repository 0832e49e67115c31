/* SPDX-License-Identifier: MIT */
/* Stopping: what is idle goes at once, what runs has the grace, then it is cancelled. */
#include "tests/conformance/harness.h"

#include <string.h>

enum { GRACE_MS = 300, STUBBORN_MS = 1000, SLACK_MS = 5000, BLOCKED_MS = 30, POOL_THREADS = 16 };

static struct server *graceful(void)
{
	return server_new("type = \"every\";", "timeouts = { grace = 0.3; };");
}

/* Its grace does not run out, however slow the machine is. */
static struct server *patient(void)
{
	return server_new("type = \"every\";", "timeouts = { grace = 60; };");
}

/* Waits until the handler is at work, which its flush shows. */
static void begin(int fd, const char *command)
{
	say(fd, "flush begins\n%s", command);
	expect(fd, "ok begins");
	if (!subject.datagram)
		expect(fd, "flushed 0");
}

/* The reply to what was begun, and the end. */
static void expect_last(int fd, const char *reply)
{
	if (subject.datagram) {
		expect(fd, "flushed 0\n%s", reply);
		return;
	}
	expect(fd, "%s", reply);
	expect_end(fd);
}

START_TEST(idle_server_ends_at_once)
{
	struct server *s = server_new("type = \"every\";", "");
	int64_t start = now_ms();

	server_stop(s);
	ck_assert_int_lt(now_ms() - start, SLACK_MS);
}
END_TEST

START_TEST(idle_client_is_closed_at_once)
{
	struct server *s = server_new("type = \"every\";", "");
	int fd = client(s);
	int64_t start;

	ask(fd, "echo x", "ok x");
	start = now_ms();
	server_term(s);
	expect_end(fd);
	server_ends(s, PATIENCE);
	ck_assert_int_lt(now_ms() - start, SLACK_MS);
}
END_TEST

START_TEST(silent_client_is_closed_at_once)
{
	struct server *s = server_new("type = \"every\";", "");
	int fd = client(s);

	server_term(s);
	expect_gone(fd);
	server_ends(s, SLACK_MS);
}
END_TEST

START_TEST(running_request_is_answered)
{
	struct server *s = patient();
	int fd = client(s);

	begin(fd, "sleep 150");
	server_term(s);
	expect_last(fd, "ok");
	server_ends(s, PATIENCE);
}
END_TEST

START_TEST(request_beyond_the_grace_is_cancelled)
{
	struct server *s = graceful();
	int fd = client(s);
	int64_t start;

	begin(fd, "sleep 20000");
	start = now_ms();
	server_term(s);
	if (!subject.datagram)
		discard_all(fd); /* what cannot be sent any more may be missing */
	server_ends(s, GRACE_MS + STUBBORN_MS + SLACK_MS);
	ck_assert_int_ge(now_ms() - start, GRACE_MS - 10);
	server_logs(s, "every: stop after setup=1 finish=1");
}
END_TEST

/* Its bytes are in the kernel as the drain begins, and nobody is free to receive them: other
 * clients hold the threads of a pool, or the one of a loop. */
START_TEST(request_on_its_way_is_answered)
{
	struct server *s = server_new("type = \"every\";", "");
	int fd = client(s), last;

	ask(fd, "echo x", "ok x");
	for (int i = 1; i < POOL_THREADS; i++)
		begin(client(s), "sleep 300");
	last = client(s);
	say(last, "spin 300");
	say(fd, "echo y");
	server_term(s);
	expect_last(fd, "ok y");
	server_ends(s, PATIENCE);
}
END_TEST

/* It waits for input, the rest of which comes while the service drains. */
START_TEST(running_request_is_read_to_its_end)
{
	struct server *s = patient();
	int fd = client(s);

	begin(fd, "readn 5");
	put(fd, "ab", 2);
	server_term(s);
	server_logs(s, "draining");
	put(fd, "cde", 3);
	expect(fd, "ok 5");
	expect_bytes(fd, "abcde", 5);
	expect_end(fd);
	server_ends(s, PATIENCE);
}
END_TEST

START_TEST(reading_is_cancelled)
{
	struct server *s = graceful();
	int fd = client(s);

	begin(fd, "readn 5");
	server_term(s);
	discard_all(fd);
	server_ends(s, GRACE_MS + STUBBORN_MS + SLACK_MS);
}
END_TEST

START_TEST(writing_is_cancelled)
{
	struct server *s = graceful();
	int fd = client(s);

	begin(fd, "big 100000000");
	server_term(s);
	server_ends(s, GRACE_MS + STUBBORN_MS + SLACK_MS);
}
END_TEST

START_TEST(poll_returns_once_at_the_drain)
{
	struct server *s = server_new("type = \"every\";", "timeouts = { grace = 5; };");
	int fd = client(s);

	begin(fd, "poll 20000 pipe");
	server_term(s);
	expect_last(fd, "ok 0 pipe=-");
	server_ends(s, SLACK_MS);
}
END_TEST

START_TEST(work_is_waited_for)
{
	struct server *s = patient();
	int fd = client(s);

	begin(fd, "block 200");
	server_term(s);
	ck_assert_int_ge(field(hear(fd), "works"), 1);
	server_ends(s, PATIENCE);
}
END_TEST

/* It knows nothing of signals, and blocks in a system call when the service is told to end. */
START_TEST(work_reads_on)
{
	struct server *s = server_new("type = \"every\";", "timeouts = { grace = 8; };");
	int fd = client(s);

	begin(fd, "blockread");
	pause_ms(BLOCKED_MS); /* nothing can be seen of a handler that is blocked */
	server_term(s);
	server_logs(s, "draining");
	pause_ms(BLOCKED_MS);
	ck_assert(server_runs(s));
	server_feed(s);
	expect_last(fd, "ok 1");
	server_ends(s, SLACK_MS);
}
END_TEST

/* Nothing unwinds a handler that does not return: the process ends all the same. */
START_TEST(stubborn_handler_does_not_keep_the_process)
{
	struct server *s = graceful();
	int fd = client(s);
	int64_t start;

	say(fd, "flush begins\nspin 20000");
	expect(fd, "ok begins");
	pause_ms(BLOCKED_MS); /* nothing can be seen of a handler that only computes */
	start = now_ms();
	server_term(s);
	server_vanishes(s, GRACE_MS + STUBBORN_MS + SLACK_MS);
	ck_assert_int_ge(now_ms() - start, GRACE_MS + STUBBORN_MS - 20);
}
END_TEST

START_TEST(second_signal_forces)
{
	struct server *s = server_new("type = \"every\";", "timeouts = { grace = 20; };");
	int fd = client(s);

	begin(fd, "sleep 20000");
	server_term(s);
	server_logs(s, "draining");
	ck_assert(server_runs(s));
	server_term(s);
	server_vanishes(s, STUBBORN_MS + SLACK_MS);
}
END_TEST

START_TEST(clients_drain_each_for_themselves)
{
	struct server *s = server_new("type = \"every\";", "timeouts = { grace = 1; };");
	int idle = client(s), brief = client(s), endless = client(s);

	ask(idle, "echo x", "ok x");
	begin(brief, "sleep 150");
	begin(endless, "sleep 20000");
	server_term(s);
	expect_end(idle);
	expect_last(brief, "ok");
	discard_all(endless);
	server_ends(s, 1000 + STUBBORN_MS + SLACK_MS);
	server_logs(s, "every: stop after setup=3 finish=3");
}
END_TEST

/* Who comes while the service drains is not taken, or has just been taken and is answered. */
START_TEST(late_client_is_not_half_served)
{
	struct server *s = patient();
	int idle = client(s), busy = client(s), late = -1;
	size_t heard;
	char url[160];

	strcpy(url, server_url(s, "test"));
	ask(idle, "echo x", "ok x");
	begin(busy, "sleep 150");
	server_term(s);
	expect_end(idle);
	late = client_try(url);
	if (late >= 0)
		client_send(late, "echo late\n", 10);
	expect_last(busy, "ok");
	server_ends(s, PATIENCE);
	heard = late < 0 ? 0 : discard_all(late);
	ck_assert_msg(heard == 0 || heard == strlen("ok late\n"), "heard %zu bytes", heard);
}
END_TEST

START_TEST(supervised_services_drain)
{
	struct server *s;
	int one, two;

	config_begin();
	config_add("one", NULL, "type = \"every\";", "timeouts = { grace = 60; };");
	config_add("two", NULL, "type = \"every\";", "timeouts = { grace = 60; };");
	s = server_supervised();
	one = client_at(server_url(s, "one"));
	two = client_at(server_url(s, "two"));
	ask(one, "name", "ok one every");
	ask(two, "name", "ok two every");
	begin(two, "sleep 100");
	server_term(s);
	if (!subject.datagram)
		expect_end(one);
	expect_last(two, "ok");
	server_ends(s, PATIENCE);
}
END_TEST

static void add_stream_tests(TCase *t)
{
	tcase_add_test(t, idle_client_is_closed_at_once);
	tcase_add_test(t, silent_client_is_closed_at_once);
	tcase_add_test(t, running_request_is_read_to_its_end);
	tcase_add_test(t, reading_is_cancelled);
	tcase_add_test(t, writing_is_cancelled);
	needs(t, MODUS_CONCURRENT, request_on_its_way_is_answered);
	needs(t, MODUS_CONCURRENT, clients_drain_each_for_themselves);
	needs(t, MODUS_CONCURRENT, late_client_is_not_half_served);
}

void add_drain(Suite *s)
{
	TCase *t = part(s, "drain");

	tcase_add_test(t, idle_server_ends_at_once);
	tcase_add_test(t, running_request_is_answered);
	tcase_add_test(t, request_beyond_the_grace_is_cancelled);
	tcase_add_test(t, poll_returns_once_at_the_drain);
	tcase_add_test(t, work_is_waited_for);
	tcase_add_test(t, work_reads_on);
	tcase_add_test(t, stubborn_handler_does_not_keep_the_process);
	tcase_add_test(t, second_signal_forces);
	tcase_add_test(t, supervised_services_drain);
	if (!subject.datagram)
		add_stream_tests(t);
}
