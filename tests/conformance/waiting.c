/* SPDX-License-Identifier: MIT */
/* Sleeping, and waiting for descriptors. */
#include "tests/conformance/harness.h"

enum { WAITERS = 8 };

static struct server *every(void)
{
	return server_shared("type = \"every\";", "");
}

START_TEST(sleep_lasts)
{
	int fd = client(every());
	int64_t start = now_ms();

	ask(fd, "sleep 60", "ok");
	ck_assert_int_ge(now_ms() - start, 60);
	ask(fd, "sleep 0", "ok");
	ask(fd, "spin 5", "ok");
}
END_TEST

START_TEST(sleepers_do_not_hold_up_each_other)
{
	int64_t start = now_ms();
	int fds[WAITERS];

	for (int i = 0; i < WAITERS; i++) {
		fds[i] = client(every());
		say(fds[i], "sleep 200");
	}
	for (int i = 0; i < WAITERS; i++)
		expect(fds[i], "ok");
	ck_assert_int_lt(now_ms() - start, WAITERS * 200);
}
END_TEST

START_TEST(poll_tells_what_is_ready)
{
	int fd = client(every());

	ask(fd, "poll 5000 fed", "ok 1 fed=I");
	ask(fd, "poll 5000 hung", "ok 1 hung=H");
	ask(fd, "poll 5000 file", "ok 1 file=I");
	ask(fd, "poll 5000 out", "ok 1 out=O");
	ask(fd, "poll 5000 pipe fed", "ok 1 pipe=- fed=I");
	ask(fd, "poll 5000 fed fed", "ok 2 fed=I fed=I");
	ask(fd, "poll 5000 pipe hung fed file out", "ok 4 pipe=- hung=H fed=I file=I out=O");
	ask(fd, "poll 0 fed pipe", "ok 1 fed=I pipe=-");
}
END_TEST

START_TEST(poll_ends_with_its_time)
{
	int fd = client(every());
	int64_t start = now_ms();

	ask(fd, "poll 60 pipe", "ok 0 pipe=-");
	ck_assert_int_ge(now_ms() - start, 60);
	ask(fd, "poll 0 pipe pipe", "ok 0 pipe=- pipe=-");
	ask(fd, "poll 20", "ok 0");
}
END_TEST

START_TEST(poll_sees_input)
{
	int fd = client(every());

	ask(fd, "poll 30 in", "ok 0 in=-");
	say(fd, "poll 5000 in pipe\necho buffered");
	expect(fd, "ok 1 in=I pipe=-");
	expect(fd, "ok buffered");
	say(fd, "poll 5000 pipe in");
	expect_silence(fd, 30);
	say(fd, "echo later");
	expect(fd, "ok 1 pipe=- in=I");
	expect(fd, "ok later");
	say(fd, "poll 5000 in");
	expect_silence(fd, 30);
	end_output(fd);
	expect(fd, "ok 1 in=I"); /* a read would give 0 at once */
	expect_end(fd);
}
END_TEST

START_TEST(timers_and_events_wake)
{
	int fd = client(every());
	int64_t start = now_ms();

	ask(fd, "timer 60", "ok 1");
	ck_assert_int_ge(now_ms() - start, 60);
	ask(fd, "fd", "ok 1");
}
END_TEST

/* Several handlers wait for one descriptor, and nobody takes what is in it. */
START_TEST(one_descriptor_wakes_all)
{
	struct server *s = server_new("type = \"every\";", "");
	int fds[WAITERS];

	for (int i = 0; i < WAITERS; i++) {
		fds[i] = client(s);
		say(fds[i], "poll 5000 stdin");
	}
	expect_silence(fds[WAITERS - 1], 50);
	server_feed(s);
	for (int i = 0; i < WAITERS; i++) {
		expect(fds[i], "ok 1 stdin=I");
		ask(fds[i], "poll 5000 stdin pipe", "ok 1 stdin=I pipe=-");
	}
	server_stop(s);
}
END_TEST

void add_waiting(Suite *s)
{
	TCase *t = part(s, "waiting");

	tcase_add_test(t, sleep_lasts);
	needs(t, MODUS_CONCURRENT, sleepers_do_not_hold_up_each_other);
	tcase_add_test(t, poll_tells_what_is_ready);
	tcase_add_test(t, poll_ends_with_its_time);
	if (!subject.datagram)
		tcase_add_test(t, poll_sees_input);
	tcase_add_test(t, timers_and_events_wake);
	needs(t, MODUS_CONCURRENT, one_descriptor_wakes_all);
}
