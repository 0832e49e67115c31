/* SPDX-License-Identifier: MIT */
/* Peers that go at every byte, calls that fail one after the other. */
#include "every.h"

static const char dialogue[] = "echo abc\nreadn 4\nwxyzlines 1\none\nalloc 9000\nblockerr\n"
			       "big 20000 3000\nflush x\nsendfile 100\nquit\n";

START_TEST(reset_at_every_byte)
{
	struct modus_test *t = begin_every("finish_block = true;", _i);
	int finished;

	for (size_t n = 0; n < strlen(dialogue); n++) {
		struct modus_client *k = stream(t);
		int error;

		modus_client_send(k, dialogue, n);
		modus_client_reset(k);
		ck_assert_int_eq(modus_client_state(k, &error), MODUS_CLOSED);
		ck_assert(error == -ECONNRESET || error == -EPIPE);
	}
	{
		struct modus_client *k = stream(t);

		say(k, "counts\n");
		ck_assert_int_eq(sscanf(strstr(modus_client_received(k, NULL), "finish="),
					"finish=%d", &finished),
				 1);
		ck_assert_int_eq(finished, (int)strlen(dialogue));
	}
	modus_test_end(t);
}
END_TEST

START_TEST(end_at_every_byte)
{
	struct modus_test *t = begin_every("", _i);

	for (size_t n = 0; n < strlen(dialogue); n++) {
		struct modus_client *k = stream(t);
		int error;

		modus_client_send(k, dialogue, n);
		modus_client_shutdown(k);
		ck_assert_int_eq(modus_client_state(k, &error), MODUS_CLOSED);
		ck_assert(error == 0 || error == -EBADMSG);
	}
	modus_test_end(t);
}
END_TEST

/* In the middle of output that the peer does not take. */
START_TEST(reset_while_writing)
{
	struct modus_test *t = begin_every("", _i);
	struct modus_client *k = stream(t);
	int error;

	modus_client_stall(k, true);
	say(k, "big 1000000\n");
	expect_state(k, MODUS_WAITING, 0);
	modus_client_reset(k);
	ck_assert_int_eq(modus_client_state(k, &error), MODUS_CLOSED);
	ck_assert(error == -ECONNRESET || error == -EPIPE);
	modus_test_end(t);
}
END_TEST

static const struct {
	const char *function;
	int error;
} failures[] = {
	{ "modus_readn", -ECONNRESET }, { "modus_readline", -ETIMEDOUT },
	{ "modus_peek", -ECONNRESET },  { "modus_write", -EPIPE },
	{ "modus_printf", -ENOMEM },    { "modus_sendfile", -EIO },
	{ "modus_flush", -EPIPE },      { "modus_block", -ETIMEDOUT },
	{ "modus_alloc", -ENOMEM },
};

/* Fails the nth call for every n, until it has as many calls as it needs; each client gets all or
 * less, and the service goes on. */
static unsigned fail_each(struct modus_test *t, const char *function, int error, const char *all,
			  size_t size)
{
	unsigned n = 0;

	do {
		struct modus_client *k = stream(t);
		const char *got;
		size_t len;

		modus_test_fail(t, function, ++n, error);
		modus_client_send(k, dialogue, strlen(dialogue));
		modus_client_shutdown(k);
		got = modus_client_received(k, &len);
		if (!modus_test_failed(t, function)) {
			ck_assert_uint_eq(len, size);
			ck_assert_mem_eq(got, all, size);
		}
		ck_assert_int_eq(modus_client_state(k, NULL), MODUS_CLOSED);
	} while (modus_test_failed(t, function));
	modus_test_fail(t, function, 0, 0);
	return n - 1;
}

START_TEST(each_call_fails)
{
	struct modus_test *t = begin_every("", _i);
	struct modus_client *k = stream(t);
	const char *text;
	char *all;
	size_t size;

	modus_client_send(k, dialogue, strlen(dialogue));
	text = modus_client_received(k, &size);
	all = malloc(size);
	ck_assert_ptr_nonnull(all);
	memcpy(all, text, size);
	for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++)
		ck_assert_uint_ge(fail_each(t, failures[i].function, failures[i].error, all, size),
				  1);
	free(all);
	modus_test_end(t);
}
END_TEST

START_TEST(a_failure_sticks)
{
	struct modus_test *t = begin_every("", _i);
	struct modus_client *k = stream(t);

	modus_test_fail(t, "modus_readline", 2, -ETIMEDOUT);
	say(k, "lines 3\na\nb\nc\n");
	expect(k, "line 1 a\nerr -ETIMEDOUT\n");
	expect_state(k, MODUS_CLOSED, -ETIMEDOUT);
	k = stream(t);
	modus_test_fail(t, "modus_sleep", 1, -ECANCELED);
	ask(k, "sleep 1\n", "err -ECANCELED\n");
	modus_test_fail(t, "modus_poll", 1, -ENOMEM);
	ask(k, "poll 10 pipe\n", "err -ENOMEM\n");
	modus_test_end(t);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("faults");
	TCase *all = tcase_create("all");

	tcase_set_timeout(all, 60);
	tcase_add_loop_test(all, reset_at_every_byte, -1, SEEDS);
	tcase_add_loop_test(all, end_at_every_byte, -1, SEEDS);
	tcase_add_loop_test(all, reset_while_writing, -1, SEEDS);
	tcase_add_loop_test(all, each_call_fails, -1, SEEDS);
	tcase_add_loop_test(all, a_failure_sticks, -1, SEEDS);
	suite_add_tcase(s, all);
	return run(s);
}
