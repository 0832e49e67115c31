/* SPDX-License-Identifier: MIT */
/* The script model itself: what it finds wrong in a plugin or in a test. */
#include "handlers.h"

#include <signal.h>

#define PLUGIN(handler, ...)                                                                      \
	{                                                                                         \
		.magic = MODUS_MAGIC, .abi_major = MODUS_ABI_MAJOR, .abi_minor = MODUS_ABI_MINOR, \
		.size = sizeof(struct modus_plugin), .row_size = sizeof(struct modus_setting),    \
		.name = "small", .summary = "a plugin of this test", .handle = handler,           \
		__VA_ARGS__                                                                       \
	}

/* Answers each byte after a second, and forgets nothing that it owes. */
static int slow_handle(struct modus_conn *c)
{
	char byte;
	ssize_t n = modus_read(c, &byte, 1);

	if (n <= 0 || modus_sleep(c, 1000))
		return n < 0 ? (int)n : MODUS_CLOSE;
	return modus_write(c, &byte, 1);
}

static const struct modus_plugin serial = PLUGIN(slow_handle, .flags = MODUS_STREAM);

START_TEST(serves_one_after_another)
{
	struct modus_test *t = begin(&serial, "");
	struct modus_client *a = modus_test_connect(t, NULL, "tcp://");
	struct modus_client *b = modus_test_connect(t, NULL, "tcp://");

	say(a, "a");
	say(b, "b");
	modus_test_elapse(t, 5000);
	expect(a, "a");
	expect(b, "");
	modus_client_shutdown(a);
	expect_state(a, MODUS_CLOSED, 0);
	modus_test_elapse(t, 1000);
	expect(b, "b");
	modus_test_end(t);
}
END_TEST

/* Uses a loan that has ended. */
static int late_handle(struct modus_conn *c)
{
	char *data;
	ssize_t n = modus_peek(c, 1, &data);

	if (n <= 0)
		return n < 0 ? (int)n : MODUS_CLOSE;
	modus_consume(c, (size_t)n);
	return modus_write(c, data, (size_t)n);
}

static const struct modus_plugin late = PLUGIN(late_handle, .flags = MODUS_STREAM);

START_TEST(shows_a_loan_used_late)
{
	struct modus_test *t = begin(&late, "");
	struct modus_client *k = modus_test_connect(t, NULL, "tcp://");

	say(k, "abc");
	expect(k, "\xa5\xa5\xa5");
	modus_test_end(t);
}
END_TEST

/* Does not take no for an answer. */
static int stubborn_handle(struct modus_conn *c)
{
	do
		modus_sleep(c, 1000);
	while (!modus_is_datagram(c));
	return MODUS_CLOSE;
}

static const struct modus_plugin stubborn = PLUGIN(stubborn_handle, .flags = MODUS_STREAM);

START_TEST(aborts_on_one_that_never_ends)
{
	struct modus_test *t = begin(&stubborn, "");

	say(modus_test_connect(t, NULL, "tcp://"), "a");
	modus_test_elapse(t, 5000);
	modus_test_end(t);
}
END_TEST

static int eager_work(void *worker, void *arg)
{
	return modus_write(arg, "x", 1);
}

static int eager_handle(struct modus_conn *c)
{
	return modus_block(c, eager_work, c);
}

static const struct modus_plugin eager = PLUGIN(eager_handle, .flags = MODUS_STREAM);

START_TEST(aborts_on_output_in_blocking_work)
{
	struct modus_test *t = begin(&eager, "");

	say(modus_test_connect(t, NULL, "tcp://"), "a");
}
END_TEST

static int started;

static int patient_start(struct modus_conn *task)
{
	started = modus_sleep(task, 3600 * 1000) == 0;
	return started ? -ENOSPC : 0;
}

static const struct modus_plugin patient =
	PLUGIN(slow_handle, .flags = MODUS_STREAM, .start = patient_start);

START_TEST(tells_that_start_failed)
{
	ck_assert_ptr_null(modus_test_begin(&patient, ""));
	ck_assert_int_eq(started, 1);
}
END_TEST

/* Each is a mistake of the test. */
static void mistake(struct modus_test *t, int which)
{
	struct modus_client *k = modus_test_connect(t, NULL, "tcp://");

	switch (which) {
	case 0:
		modus_test_connect(t, NULL, "udp://");
		break;
	case 1:
		modus_test_connect(t, NULL, "127.0.0.1");
		break;
	case 2:
		modus_test_connect(t, "nowhere", "tcp://");
		break;
	case 3:
		modus_test_fail(t, "modus_wriet", 1, -EIO);
		break;
	case 4:
		modus_test_fail(t, "modus_write", 1, EIO);
		break;
	case 5:
		modus_test_elapse(t, -1);
		break;
	case 6:
		modus_test_deadline(t, MODUS_IDLE, 0);
		break;
	case 7:
		modus_client_shutdown(k);
		say(k, "a");
		break;
	case 8:
		modus_test_accept(t, "here");
		break;
	case 9:
		modus_test_drain(t, -1);
		break;
	}
}

START_TEST(aborts_on_a_mistake)
{
	mistake(begin(&serial, ""), _i);
}
END_TEST

START_TEST(refuses_what_is_no_plugin)
{
	struct modus_plugin wrong = serial;

	wrong.magic = 1;
	ck_assert_ptr_null(modus_test_begin(&wrong, ""));
	ck_assert_ptr_null(modus_test_begin(&serial, "unknown = 1;"));
	ck_assert_ptr_null(modus_test_load("./nothing.so"));
	modus_test_end(NULL);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("script");
	TCase *all = tcase_create("all");

	tcase_set_timeout(all, 60);
	tcase_add_test(all, serves_one_after_another);
	tcase_add_test(all, shows_a_loan_used_late);
	tcase_add_test_raise_signal(all, aborts_on_one_that_never_ends, SIGABRT);
	tcase_add_test_raise_signal(all, aborts_on_output_in_blocking_work, SIGABRT);
	tcase_add_test(all, tells_that_start_failed);
	tcase_add_loop_test_raise_signal(all, aborts_on_a_mistake, SIGABRT, 0, 10);
	tcase_add_test(all, refuses_what_is_no_plugin);
	suite_add_tcase(s, all);
	return run(s);
}
