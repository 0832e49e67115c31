/* SPDX-License-Identifier: MIT */
/* From verify() to finish(), and who is let in. */
#include "tests/conformance/harness.h"

enum { WAITING = 8 };

static struct server *every(void)
{
	return server_shared("type = \"every\";", "");
}

/* The handler is never called for a client that is turned away. */
static void expect_turned_away(struct server *s)
{
	for (int i = 0; i < 3; i++) {
		int fd = client(s);

		if (subject.datagram) {
			say(fd, "echo x");
			expect_silence(fd, 30);
		} else {
			client_send(fd, "echo x\n", 7);
			expect_gone(fd);
		}
		hang_up(fd);
	}
}

START_TEST(verify_refuses)
{
	struct server *s = server_new("type = \"every\"; refuse = true;", "");

	expect_turned_away(s);
	server_stop(s);
	server_logs(s, "every: stop after setup=0 finish=0");
}
END_TEST

START_TEST(failed_setup_has_no_finish)
{
	struct server *s = server_new("type = \"every\"; setup_error = true;", "");

	expect_turned_away(s);
	server_stop(s);
	server_logs(s, "every: stop after setup=0 finish=0");
}
END_TEST

START_TEST(setup_may_wait)
{
	struct server *s = server_new("type = \"every\"; setup_pause = 0.05;", "");
	int64_t start = now_ms();

	ask(client(s), "echo x", "ok x");
	ck_assert_int_ge(now_ms() - start, 50);
	clients_after_test();
	server_stop(s);
}
END_TEST

/* It has not been shown to handle(), though no more may come. */
START_TEST(what_setup_leaves_is_handled)
{
	struct server *s = server_new("type = \"every\"; setup_peek = true;", "");
	int fd = client(s);

	ask(fd, "echo x", "ok x");
	hang_up(fd);
	fd = client(s);
	say(fd, "echo y\necho z");
	if (subject.datagram) {
		expect(fd, "ok y\nok z");
	} else {
		end_output(fd);
		expect(fd, "ok y");
		expect(fd, "ok z");
		expect_end(fd);
	}
	hang_up(fd);
	server_stop(s);
}
END_TEST

/* One connection for each way to end; after each another is served. */
static int end_in_all_ways(struct server *s)
{
	int fd = client(s);

	ask(fd, "quit", "ok");
	hang_up(fd);
	ask(fd = client(s), "return -5", "ok");
	hang_up(fd);
	ask(fd = client(s), "echo x", "ok x");
	hang_up(fd);
	if (subject.datagram)
		return 3;
	put(fd = client(s), "echo half", 9);
	hang_up(fd);
	put(fd = client(s), "sleep 10\n", 9);
	hang_up_with_reset(fd);
	hang_up(client(s));
	return 6;
}

START_TEST(each_setup_has_its_finish)
{
	struct server *s = server_new("type = \"every\"; finish_block = true;", "");
	int64_t end = now_ms() + PATIENCE;
	long setup, finish;
	int ended = end_in_all_ways(s);
	const char *reply;

	do {
		int fd = client(s);

		ck_assert_int_lt(now_ms(), end);
		say(fd, "counts");
		reply = hear(fd);
		setup = field(reply, "setup");
		finish = field(reply, "finish");
		ended++;
		hang_up(fd);
	} while (finish < setup - 1 || setup < ended);
	ck_assert_int_eq(setup, ended);
	ck_assert_int_eq(field(reply, "verify"), ended);
	ck_assert_int_eq(field(reply, "start"), 1);
	ck_assert_int_ge(field(reply, "work"), finish);
	server_stop(s);
}
END_TEST

START_TEST(parked_clients_finish_at_the_stop)
{
	struct server *s = server_new("type = \"every\";", "");
	int fd = client(s);

	ask(fd, "echo x", "ok x");
	server_stop(s);
	expect_end(fd);
	server_logs(s, "every: stop after setup=1 finish=1");
}
END_TEST

START_TEST(tick_goes_on)
{
	struct server *s = server_new("type = \"every\";", "");
	int64_t end = now_ms() + PATIENCE;
	long ticks;

	do {
		int fd = client(s);

		ck_assert_int_lt(now_ms(), end);
		say(fd, "counts");
		ticks = field(hear(fd), "tick");
		hang_up(fd);
		pause_ms(5);
	} while (ticks < 3);
	server_stop(s);
}
END_TEST

/* There is always another who waits to be served. */
START_TEST(tick_goes_on_under_load)
{
	struct server *s = server_new("type = \"every\";", "");
	int fds[WAITING], oldest = 0;
	int64_t end = now_ms() + PATIENCE;
	long ticks;

	for (int i = 0; i < WAITING; i++)
		say(fds[i] = client(s), "sleep 5\ncounts\nquit");
	do {
		ck_assert_int_lt(now_ms(), end);
		if (!subject.datagram)
			expect(fds[oldest], "ok");
		ticks = field(hear(fds[oldest]), "tick");
		hang_up(fds[oldest]);
		say(fds[oldest] = client(s), "sleep 5\ncounts\nquit");
		oldest = (oldest + 1) % WAITING;
	} while (ticks < 3);
	clients_after_test();
	server_stop(s);
}
END_TEST

START_TEST(result_of_handle_closes_its_own)
{
	int bad = client(every()), good = client(every());

	ask(good, "echo x", "ok x");
	ask(bad, "return -7", "ok");
	expect_gone(bad);
	server_logs(every(), "E2BIG");
	ask(good, "echo y", "ok y");
}
END_TEST

START_TEST(result_of_handle_closes)
{
	int fd = client(every());

	ask(fd, "return 0", "ok");
	ask(fd, "return 1", "ok");
	expect_end(fd);
	hang_up(fd);
	fd = client(every());
	ask(fd, "return -5", "ok");
	expect_gone(fd);
	server_logs(every(), "EIO");
	hang_up(fd);
	fd = client(every());
	say(fd, "quit\necho not served");
	expect(fd, "ok");
	expect_gone(fd);
}
END_TEST

/* Clients beyond the limit wait, and are then served. */
START_TEST(limit_of_connections_holds)
{
	struct server *s = server_new("type = \"every\";", "limits = { connections = 2; };");
	int one = client(s), two = client(s), three = client(s);

	ask(one, "echo x", "ok x");
	ask(two, "echo x", "ok x");
	say(three, "echo y");
	expect_silence(three, 100);
	hang_up(one);
	expect(three, "ok y");
	ask(two, "echo z", "ok z");
	clients_after_test();
	server_stop(s);
}
END_TEST

START_TEST(limit_of_one_is_served_in_turn)
{
	struct server *s = server_new("type = \"every\";", "limits = { connections = 1; };");

	for (int i = 0; i < 10; i++) {
		int fd = client(s);

		ask(fd, "echo x", "ok x");
		hang_up(fd);
	}
	server_stop(s);
}
END_TEST

START_TEST(first_word_is_the_service_s)
{
	struct server *s = server_shared("type = \"every_first\";", "");
	int fd = client(s);

	expect(fd, "hello");
	ask(fd, "echo x", "ok x");
	hang_up(fd);
	fd = client(s);
	say(fd, "echo one\necho two");
	expect(fd, "hello");
	expect(fd, "ok one");
	expect(fd, "ok two");
	hang_up(fd);
	fd = client(s);
	end_output(fd);
	expect(fd, "hello");
	expect_end(fd);
}
END_TEST

static void add_stream_tests(TCase *t)
{
	tcase_add_test(t, parked_clients_finish_at_the_stop);
	tcase_add_test(t, result_of_handle_closes);
	needs(t, MODUS_CONCURRENT, result_of_handle_closes_its_own);
	needs(t, MODUS_CONCURRENT, limit_of_connections_holds);
	tcase_add_test(t, limit_of_one_is_served_in_turn);
	tcase_add_test(t, first_word_is_the_service_s);
}

void add_lifecycle(Suite *s)
{
	TCase *t = part(s, "lifecycle");

	tcase_add_test(t, verify_refuses);
	tcase_add_test(t, failed_setup_has_no_finish);
	tcase_add_test(t, setup_may_wait);
	tcase_add_test(t, what_setup_leaves_is_handled);
	tcase_add_test(t, each_setup_has_its_finish);
	tcase_add_test(t, tick_goes_on);
	tcase_add_test(t, tick_goes_on_under_load);
	if (!subject.datagram)
		add_stream_tests(t);
}
