/* SPDX-License-Identifier: MIT */
/* Deadlines, ticks, the end of the service: hours of them, in no time. */
#include "every.h"

#include <time.h>

enum { HOUR = 3600 * 1000 };

START_TEST(idle)
{
	struct modus_test *t = begin_every("", _i);
	struct modus_client *k;

	modus_test_deadline(t, MODUS_IDLE, 5000);
	k = stream(t);
	ask(k, "echo a\n", "ok a\n");
	modus_test_elapse(t, 4000);
	ask(k, "echo b\n", "ok b\n");
	modus_test_elapse(t, 4999);
	expect_state(k, MODUS_PARKED, 0);
	modus_test_elapse(t, 1);
	expect_state(k, MODUS_CLOSED, -ETIMEDOUT);
	modus_test_end(t);
}
END_TEST

START_TEST(idle_of_a_silent_client)
{
	struct modus_test *t = begin_every("", _i);
	struct modus_client *k = stream(t);

	modus_test_elapse(t, 59999);
	expect_state(k, MODUS_PARKED, 0);
	modus_test_elapse(t, 1);
	expect_state(k, MODUS_CLOSED, -ETIMEDOUT);
	modus_test_end(t);
}
END_TEST

/* Half a request, parked and then waited for, has one time for both. */
START_TEST(request)
{
	struct modus_test *t = begin_every("", _i);
	struct modus_client *k = stream(t);

	say(k, "read");
	modus_test_elapse(t, 10000);
	say(k, "n 10\nabc");
	modus_test_elapse(t, 4999);
	expect_state(k, MODUS_WAITING, 0);
	modus_test_elapse(t, 1);
	expect(k, "err -ETIMEDOUT\n");
	say(k, "more"); /* it sticks */
	expect_state(k, MODUS_CLOSED, -ETIMEDOUT);
	k = stream(t);
	say(k, "rea");
	modus_test_elapse(t, 10000);
	say(k, "d");
	modus_test_elapse(t, 4999);
	expect_state(k, MODUS_PARKED, 0);
	modus_test_elapse(t, 1);
	expect_state(k, MODUS_CLOSED, -ETIMEDOUT);
	modus_test_end(t);
}
END_TEST

START_TEST(write_without_progress)
{
	struct modus_test *t = begin_every("", _i);
	struct modus_client *k = stream(t);

	say(k, "big 2000000\n");
	modus_client_stall(k, true);
	modus_client_received(k, NULL);
	modus_test_elapse(t, 14999);
	expect_state(k, MODUS_WAITING, 0);
	modus_test_elapse(t, 1);
	expect_state(k, MODUS_CLOSED, -ETIMEDOUT);
	modus_test_end(t);
}
END_TEST

START_TEST(a_handler_sets_its_own)
{
	struct modus_test *t = begin_every("", _i);
	struct modus_client *k = stream(t);

	ask(k, "deadline idle 3600000\n", "ok\n");
	modus_test_elapse(t, HOUR - 1);
	expect_state(k, MODUS_PARKED, 0);
	ask(k, "echo a\n", "ok a\n");
	modus_test_elapse(t, HOUR);
	expect_state(k, MODUS_CLOSED, -ETIMEDOUT);
	modus_test_end(t);
}
END_TEST

START_TEST(hours_of_ticks)
{
	struct modus_test *t = begin_every("", _i);
	struct modus_client *k = stream(t);
	struct timespec from, to;
	int ticks;

	ask(k, "deadline idle 3600000\nsubscribe tick\n", "ok\nok\n");
	modus_test_elapse(t, 150);
	expect(k, "news\n");
	modus_test_elapse(t, 850);
	clock_gettime(CLOCK_MONOTONIC, &from);
	modus_test_elapse(t, HOUR / 2);
	clock_gettime(CLOCK_MONOTONIC, &to);
	ck_assert_int_lt(to.tv_sec - from.tv_sec, 10);
	modus_client_received(k, NULL);
	say(k, "counts\n");
	ck_assert_int_eq(sscanf(strstr(modus_client_received(k, NULL), "tick="), "tick=%d", &ticks),
			 1);
	ck_assert(ticks > 1801 * 9 && ticks <= 1801 * 10); /* of 100 ms, and 1 to sleep */
	modus_test_end(t);
}
END_TEST

START_TEST(sleeps_are_not_the_clients)
{
	struct modus_test *t = begin_every("setup_pause = 30;", _i);
	struct modus_client *k = stream(t);

	say(k, "sleep 3600000\n");
	expect_state(k, MODUS_WAITING, 0);
	modus_test_elapse(t, 30000 + HOUR - 1);
	expect(k, "");
	modus_test_elapse(t, 1);
	expect(k, "ok\n");
	modus_test_end(t);
}
END_TEST

START_TEST(polls)
{
	struct modus_test *t = begin_every("", _i);
	struct modus_client *k = stream(t);

	ask(k, "poll 1000 pipe fed\n", "ok 1 pipe=- fed=I\n");
	ask(k, "poll 1000 out file\n", "ok 2 out=O file=I\n");
	ask(k, "poll 1000 in pipe\n", "");
	modus_test_elapse(t, 999);
	expect(k, "");
	modus_test_elapse(t, 1);
	expect(k, "ok 0 in=- pipe=-\n");
	say(k, "poll 1000 in pipe\n");
	say(k, "echo x\n");
	expect(k, "ok 1 in=I pipe=-\nok x\n");
	modus_test_end(t);
}
END_TEST

START_TEST(drains)
{
	struct modus_test *t = begin_every("", _i);
	struct modus_client *parked = stream(t), *busy = stream(t), *late = stream(t);
	struct modus_client *polling = stream(t), *half = stream(t);
	const char *told;
	size_t len;

	say(parked, "echo a\n");
	say(busy, "sleep 3000\n");
	say(late, "sleep 10000\n");
	say(polling, "poll 60000 pipe\n");
	say(half, "echo b");
	modus_test_drain(t, 5000);
	expect(parked, "ok a\n");
	expect_state(parked, MODUS_CLOSED, 0);
	expect(polling, "ok 0 pipe=-\n");
	modus_test_elapse(t, 4000);
	expect(busy, "ok\n");
	expect_state(busy, MODUS_CLOSED, 0);
	expect_state(late, MODUS_WAITING, 0);
	expect_state(half, MODUS_PARKED, 0);
	modus_test_elapse(t, 1000);
	told = modus_client_received(late, &len); /* perhaps cut: there is no time to send it */
	ck_assert_int_eq(strncmp(told, "err -ECANCELED\n", len), 0);
	ck_assert_int_eq(modus_client_state(late, NULL), MODUS_CLOSED);
	ck_assert_int_eq(modus_client_state(half, NULL), MODUS_CLOSED);
	expect_state(stream(t), MODUS_PARKED, 0); /* is not taken any more */
	modus_test_end(t);
}
END_TEST

START_TEST(refuses)
{
	struct modus_test *t = begin_every("refuse = true;", _i), *u;

	struct modus_client *k = stream(t);

	say(k, "echo a\n");
	expect_state(k, MODUS_CLOSED, -EACCES);
	u = begin_every("setup_error = true;", _i);
	k = stream(u);
	expect_state(k, MODUS_CLOSED, -EPROTO);
	modus_test_end(t);
	modus_test_end(u);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("time");
	TCase *all = tcase_create("all");

	tcase_set_timeout(all, 60);
	tcase_add_loop_test(all, idle, -1, SEEDS);
	tcase_add_loop_test(all, idle_of_a_silent_client, -1, SEEDS);
	tcase_add_loop_test(all, request, -1, SEEDS);
	tcase_add_loop_test(all, write_without_progress, -1, SEEDS);
	tcase_add_loop_test(all, a_handler_sets_its_own, -1, SEEDS);
	tcase_add_loop_test(all, hours_of_ticks, -1, 2);
	tcase_add_loop_test(all, sleeps_are_not_the_clients, -1, SEEDS);
	tcase_add_loop_test(all, polls, -1, SEEDS);
	tcase_add_loop_test(all, drains, -1, SEEDS);
	tcase_add_loop_test(all, refuses, -1, SEEDS);
	suite_add_tcase(s, all);
	return run(s);
}
