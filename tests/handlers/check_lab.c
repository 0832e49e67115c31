/* SPDX-License-Identifier: MIT */
/* lab: each kind of work, its bounds, and what it says of what is wrong. */
#include "handlers.h"

#include <time.h>

#define UP   "tcp://203.0.113.5:80"
#define ROW  "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+\n"
#define HERE "upstreams = ({ address = \"" UP "\"; send = \"reply 4\\n\"; });"

enum { SEEDS = 6, MS = 1000000 };

extern const struct modus_plugin lab_plugin;

static struct modus_test *begin_lab(const char *settings, unsigned seed)
{
	struct modus_test *t = begin(&lab_plugin, settings);

	if (seed)
		modus_test_vary(t, seed - 1);
	return t;
}

static void ask(struct modus_client *k, const char *text, const char *reply)
{
	say(k, text);
	expect(k, reply);
}

static int64_t cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000 * MS + t.tv_nsec;
}

START_TEST(replies)
{
	struct modus_test *t = begin_lab("", (unsigned)_i);
	struct modus_client *k = modus_test_connect(t, NULL, "tcp://");

	ask(k, "reply 5\n", "ok 5\n01234");
	ask(k, "reply 70\r\n", "ok 70\n" ROW "012345");
	ask(k, "\n", "ok 0\n");
	ask(k, "bare reply 4\nbare\nreply 1 bare\n", "01230");
	ask(k, "  reply\t1 reply 2 reply 0\n", "ok 3\n012");
	ask(k, "reply 1\nreply 2\nrep", "ok 1\n0ok 2\n01");
	ask(k, "ly 3\n", "ok 3\n012");
	expect_state(k, MODUS_PARKED, 0);
	modus_test_end(t);
}
END_TEST

START_TEST(replies_at_length)
{
	struct modus_test *t = begin_lab("", (unsigned)_i);
	struct modus_client *k = modus_test_connect(t, NULL, "tcp://");
	size_t len;
	const char *got;

	say(k, "reply 100K\n");
	got = modus_client_received(k, &len);
	ck_assert_uint_eq(len, 10 + (100 << 10));
	ck_assert_mem_eq(got, "ok 102400\n", 10);
	for (size_t i = 10; i < len; i += 64)
		ck_assert_mem_eq(got + i, ROW, 64);
	modus_test_end(t);
}
END_TEST

START_TEST(waits)
{
	struct modus_test *t = begin_lab("", (unsigned)_i);
	struct modus_client *k = modus_test_connect(t, NULL, "tcp://");

	ask(k, "wait 5ms wait 2s reply 1\n", "");
	modus_test_elapse(t, 2004);
	expect(k, "");
	expect_state(k, MODUS_WAITING, 0);
	modus_test_elapse(t, 1);
	expect(k, "ok 1\n0");
	modus_test_end(t);
}
END_TEST

/* Against the same clock, which no busy machine makes run faster. */
START_TEST(uses_the_cpu)
{
	struct modus_test *t = begin_lab("", 0);
	struct modus_client *k = modus_test_connect(t, NULL, "tcp://");
	int64_t begin_ns = cpu_ns();

	ask(k, "cpu 20ms cpu 100us cpu 0us\n", "ok 0\n");
	ck_assert_int_ge(cpu_ns() - begin_ns, 20100000);
	modus_test_end(t);
}
END_TEST

START_TEST(blocks_and_touches)
{
	struct modus_test *t = begin_lab("", (unsigned)_i);
	struct modus_client *k = modus_test_connect(t, NULL, "tcp://");
	struct timespec begun, done;

	clock_gettime(CLOCK_MONOTONIC, &begun);
	say(k, "block 3ms hog 2500us touch 1M touch 0 touch 1 reply 2\n");
	do
		modus_test_elapse(t, 1);
	while (modus_client_state(k, NULL) == MODUS_WAITING);
	expect(k, "ok 2\n01");
	clock_gettime(CLOCK_MONOTONIC, &done);
	ck_assert_int_ge((done.tv_sec - begun.tv_sec) * 1000 * MS + done.tv_nsec - begun.tv_nsec,
			 5500000);
	modus_test_fail(t, "modus_alloc", 1, -ENOMEM);
	ask(k, "touch 64K\n", "error: touch: got no memory, want 65536 bytes\n");
	modus_test_fail(t, "modus_block", 1, -ECANCELED);
	ask(k, "block 1ms\n", "");
	expect_state(k, MODUS_CLOSED, -ECANCELED);
	modus_test_end(t);
}
END_TEST

START_TEST(calls)
{
	struct modus_test *t = begin_lab(HERE, (unsigned)_i);
	struct modus_client *k = modus_test_connect(t, NULL, "tcp://");
	struct modus_client *up = modus_test_accept(t, UP);

	ask(k, "call " UP " 9 reply 1\n", "");
	ask(up, "ok 4\n012", "reply 4\n");
	expect(k, "");
	say(up, "3");
	expect(k, "ok 1\n0");
	expect_state(up, MODUS_CLOSED, 0);
	modus_test_end(t);
}
END_TEST

START_TEST(tells_what_an_upstream_does)
{
	struct modus_test *t = begin_lab(HERE "connect = 1.0;", (unsigned)_i);
	struct modus_client *k = modus_test_connect(t, NULL, "tcp://");
	struct modus_client *up;

	ask(k, "call " UP " 9\n",
	    "error: call: " UP ": got Connection refused, want a connection\n");
	up = modus_test_accept(t, UP);
	ask(k, "call " UP " 9\n", "");
	say(up, "ok 4\n");
	modus_client_shutdown(up);
	expect(k, "error: call: " UP ": got the end after 5 bytes, want 9\n");
	up = modus_test_accept(t, UP);
	ask(k, "call " UP " 9\n", "");
	modus_client_reset(up);
	expect(k, "error: call: " UP ": got Connection reset by peer after 0 bytes, want 9\n");
	up = modus_test_accept(t, UP);
	modus_client_stall(up, true);
	ask(k, "call " UP " 9\n", "");
	modus_test_elapse(t, 1000);
	expect(k, "error: call: " UP ": got Connection timed out, want a connection\n");
	ask(k, "counts\n", "counts requests=4 errors=4\n");
	modus_test_end(t);
}
END_TEST

static const struct {
	const char *line, *error;
} wrong[] = {
	{ "dance 5ms\n", "got 'dance', want cpu, wait, block, hog, touch, call, reply or bare" },
	{ "reply 3 counts\n",
	  "got 'counts', want cpu, wait, block, hog, touch, call, reply or bare" },
	{ "cpu\n", "cpu: got the end of the line, want a time as 100us, 5ms or 2s" },
	{ "cpu 5\n", "cpu: got '5', want a time as 100us, 5ms or 2s" },
	{ "cpu -5ms\n", "cpu: got '-5ms', want a time as 100us, 5ms or 2s" },
	{ "cpu 5 ms\n", "cpu: got '5', want a time as 100us, 5ms or 2s" },
	{ "block 1h\n", "block: got '1h', want a time as 100us, 5ms or 2s" },
	{ "wait 500us\n", "wait: got '500us', want whole milliseconds as 5ms or 2s" },
	{ "reply 5ms\n", "reply: got '5ms', want bytes as 4000, 64K or 1M" },
	{ "reply 9999999999999M\n", "reply: got '9999999999999M', want bytes as 4000, 64K or 1M" },
	{ "reply 99999999999999999999\n",
	  "reply: got '99999999999999999999', want bytes as 4000, 64K or 1M" },
	{ "reply 600 reply 401\n", "reply: got '401', want at most 1000 bytes in a request" },
	{ "touch 2K\n", "touch: got '2K', want at most 1024 bytes in a request" },
	{ "cpu 1001us\n", "cpu: got '1001us', want at most 1000 us in a request" },
	{ "wait 6ms wait 5ms\n", "wait: got '5ms', want at most 10000 us in a request" },
	{ "block 11ms\n", "block: got '11ms', want at most 10000 us in a request" },
	{ "hog 1s\n", "hog: got '1s', want at most 10000 us in a request" },
	{ "call\n", "call: got the end of the line, want an address of the upstreams" },
	{ "call tcp://192.0.2.1:1 5\n",
	  "call: got 'tcp://192.0.2.1:1', want an address of the upstreams" },
	{ "call " UP "\n", "call: got the end of the line, want bytes as 4000, 64K or 1M" },
	{ "call " UP " 2K\n", "call: got '2K', want at most 1024 bytes in a request" },
	{ "\001\033[2J\377\n",
	  "got '??[2J?', want cpu, wait, block, hog, touch, call, reply or bare" },
	{ "a2345678901234567890123456789012345678901234567890\n",
	  "got 'a234567890123456789012345678901234567890...', want cpu, wait, block, hog, touch, "
	  "call, reply or bare" },
};

START_TEST(refuses)
{
	struct modus_test *t = begin_lab(
		HERE "max_reply = 1000; max_touch = \"1K\"; max_call = \"1K\"; max_cpu = 0.001;"
		     "max_wait = 0.01; max_block = 0.01; max_hog = 0.01;",
		(unsigned)_i);
	struct modus_client *k = modus_test_connect(t, NULL, "tcp://");
	char counted[64], reply[256];

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		snprintf(reply, sizeof(reply), "error: %s\n", wrong[i].error);
		ask(k, wrong[i].line, reply);
	}
	snprintf(counted, sizeof(counted), "counts requests=%zu errors=%zu\n",
		 sizeof(wrong) / sizeof(wrong[0]), sizeof(wrong) / sizeof(wrong[0]));
	ask(k, "counts\n", counted);
	modus_test_end(t);
}
END_TEST

START_TEST(refuses_what_is_long)
{
	struct modus_test *t = begin_lab("", (unsigned)_i);
	struct modus_client *k = modus_test_connect(t, NULL, "tcp://");
	char line[2000] = "";

	for (int i = 0; i < 33; i++)
		strcat(line, "reply 1 ");
	strcat(line, "\n");
	ask(k, line, "error: reply: got more than 32 words, want fewer\n");
	memset(line, 'x', sizeof(line) - 1);
	ask(k, line, "error: got a longer line, want at most 1024 bytes\n");
	ck_assert_int_eq(modus_client_state(k, NULL), MODUS_CLOSED);
	modus_test_end(t);
}
END_TEST

START_TEST(answers_datagrams)
{
	struct modus_test *t = begin_lab("", (unsigned)_i);
	struct modus_client *k = modus_test_connect(t, NULL, "udp://");
	struct modus_client *far = modus_test_connect(t, "192.0.2.1:5000", "udp://");
	size_t len;

	ask(k, "reply 3\n", "ok 3\n012");
	say(k, "wait 1ms reply 3");
	ck_assert_ptr_null(modus_client_received(k, &len));
	modus_test_elapse(t, 1);
	expect(k, "ok 3\n012");
	ask(k, "jump\n",
	    "error: got 'jump', want cpu, wait, block, hog, touch, call, reply or bare\n");
	say(k, "reply 65491");
	modus_client_received(k, &len);
	ck_assert_uint_eq(len, 9 + 65491);
	ask(k, "reply 64K", "error: reply: got '64K', want at most 65491 bytes in a request\n");
	say(far, "reply 3\n");
	ck_assert_ptr_null(modus_client_received(far, &len));
	modus_test_end(t);
}
END_TEST

/* Each call that can fail does, in turn: the client gets an error or is closed, and none is lost.
 */
START_TEST(bears_failures)
{
	static const char *const functions[] = { "modus_peek",    "modus_readline", "modus_read",
						 "modus_write",   "modus_printf",   "modus_sleep",
						 "modus_connect", "modus_alloc",    "modus_flush" };

	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		struct modus_test *t = begin_lab(HERE, (unsigned)_i);
		struct modus_client *k = modus_test_connect(t, NULL, "tcp://");
		struct modus_client *up = modus_test_accept(t, UP);

		modus_test_fail(t, functions[i], 1, -EIO);
		say(k, "touch 1 wait 1ms call " UP " 3 reply 5000\n");
		modus_test_elapse(t, 1);
		say(up, "123");
		ck_assert_msg(modus_test_failed(t, functions[i]), "%s was not called",
			      functions[i]);
		ck_assert_int_ne(modus_client_state(k, NULL), MODUS_WAITING);
		modus_test_end(t);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("lab");
	TCase *all = tcase_create("all");

	tcase_add_loop_test(all, replies, 0, SEEDS);
	tcase_add_loop_test(all, replies_at_length, 0, 2);
	tcase_add_loop_test(all, waits, 0, SEEDS);
	tcase_add_test(all, uses_the_cpu);
	tcase_add_loop_test(all, blocks_and_touches, 0, SEEDS);
	tcase_add_loop_test(all, calls, 0, SEEDS);
	tcase_add_loop_test(all, tells_what_an_upstream_does, 0, SEEDS);
	tcase_add_loop_test(all, refuses, 0, SEEDS);
	tcase_add_loop_test(all, refuses_what_is_long, 0, SEEDS);
	tcase_add_loop_test(all, answers_datagrams, 0, SEEDS);
	tcase_add_loop_test(all, bears_failures, 0, SEEDS);
	suite_add_tcase(s, all);
	return run(s);
}
