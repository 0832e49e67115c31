/* SPDX-License-Identifier: MIT */
/* Described replies from servers that give them, and from some that do not. */
#include "compare/load/bytes.h"
#include "compare/load/load.h"

#include "text_peers.h"

#include <check.h>
#include <errno.h>
#include <stdlib.h>

static struct load_result r;
static struct load_options o;
static struct bytes b;
static char why[256];

/* The server answers each line with said, the reply has to be as described. */
static void run(void (*behave)(int fd), const char *text, size_t size, const char *reply)
{
	say_what(text, size, 1);
	peer_start(peer_inet(SOCK_STREAM, AF_INET), behave, 0);
	ck_assert_msg(bytes_read(&b, behave == speak_unasked ? NULL : "hello\\n", reply, why,
				 sizeof(why)) == 0,
		      "%s", why);
	/* Longer, where a busy machine let one of them wait all the time. */
	do {
		ck_assert_msg(load_run(&o, &r, why, sizeof(why)) == 0, "%s", why);
		o.duration *= 4;
	} while (r.served < o.connections && !load_errors_sum(&r.errors) && o.duration < 5);
	bytes_free(&b);
}

static void all_well(void)
{
	ck_assert_msg(!*r.wrong, "%s", r.wrong);
	ck_assert_uint_eq(load_errors_sum(&r.errors), 0);
	ck_assert_uint_eq(r.latency.count, r.requests);
	ck_assert_uint_eq(r.served, o.connections);
}

static void only_wrong(const char *said_wrong)
{
	ck_assert_uint_gt(r.errors.count[LOAD_WRONG], 0);
	ck_assert_uint_eq(load_errors_sum(&r.errors), r.errors.count[LOAD_WRONG]);
	ck_assert_uint_eq(r.requests, 0);
	ck_assert_str_eq(r.wrong, said_wrong);
}

/* Replies of each kind that are right, from servers that write them at once and byte by byte. */
static const struct {
	const char *text;
	size_t size;
	const char *reply;
} right[] = {
	{ "hi\n", 3, "exact:hi\\n" },    { "abcabca", 7, "bytes:7" },
	{ "abcabca", 7, "bytes:7:abc" }, { "\0\0\0\3abc", 7, "prefix:4" },
	{ "\0", 1, "prefix:1" },         { "\0\1x", 3, "prefix:2" },
	{ "anything\n", 9, "line" },     { "200 a b\r\n", 9, "line:200 {_} b" },
	{ "\n", 1, "line:*" },
};
enum { RIGHT = sizeof(right) / sizeof(*right) };

START_TEST(test_right_keep)
{
	run(answer_each, right[_i].text, right[_i].size, right[_i].reply);
	all_well();
}
END_TEST

START_TEST(test_right_in_pieces)
{
	o.connections = 2;
	o.pipeline = 3;
	run(answer_byte_by_byte, right[_i].text, right[_i].size, right[_i].reply);
	all_well();
}
END_TEST

START_TEST(test_right_close)
{
	o.mode = LOAD_CLOSE;
	run(answer_each, "hi\n", 3, "line");
	all_well();
}
END_TEST

START_TEST(test_right_pipeline)
{
	o.pipeline = 300;
	run(answer_each, "hi\n", 3, "exact:hi\\n");
	all_well();
}
END_TEST

/* A text longer than what is compared at once. */
START_TEST(test_right_repeated_far)
{
	static char text[8190];

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = "abc"[i % 3];
	o.pipeline = 2;
	run(answer_each, text, sizeof(text), "bytes:8190:abc");
	all_well();
}
END_TEST

/* As of daytime: a reply for each connection, and none is asked for. */
START_TEST(test_right_unasked)
{
	o.mode = LOAD_CLOSE;
	run(speak_unasked, "it is noon\r\n", 12, "line:it is *");
	all_well();
}
END_TEST

START_TEST(test_wrong_byte)
{
	run(answer_each, "abcabXa", 7, "bytes:7:abc");
	only_wrong("byte 6 of a reply: got \\x58, want \\x63");
}
END_TEST

START_TEST(test_wrong_line)
{
	run(answer_each, "500 no\r\n", 8, "line:200 *");
	only_wrong("a line: got '500 no', want line:200 *");
}
END_TEST

START_TEST(test_too_long_a_line)
{
	static char text[SCRIPT_LINE + 2];

	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\n';
	run(answer_each, text, sizeof(text), "line:*");
	only_wrong("a line: got more than 4096 bytes, want line:*");
}
END_TEST

START_TEST(test_more_than_asked_for)
{
	run(answer_each, "hi\nho\n", 6, "line");
	ck_assert_uint_gt(r.errors.count[LOAD_WRONG], 0);
	ck_assert_str_eq(r.wrong, "3 bytes that were not asked for");
}
END_TEST

START_TEST(test_misfits)
{
	o.target = "tcp://127.0.0.1:1";
	ck_assert_int_eq(bytes_read(&b, NULL, "line", why, sizeof(why)), 0);
	ck_assert_int_eq(load_run(&o, &r, why, sizeof(why)), -EINVAL);
	ck_assert_ptr_nonnull(strstr(why, "mode close"));
	o.target = "udp://127.0.0.1:1";
	ck_assert_int_eq(load_run(&o, &r, why, sizeof(why)), -EINVAL);
	ck_assert_ptr_nonnull(strstr(why, "stream"));
	bytes_free(&b);
}
END_TEST

static void set_up(void)
{
	o = (struct load_options)LOAD_DEFAULTS;
	o.target = peer.target;
	o.bytes = &b;
	o.connections = 4;
	o.duration = 0.05;
	o.warmup = 0.01;
	peer_directory();
}

static void tear_down(void)
{
	peer_end();
}

int main(void)
{
	Suite *suite = suite_create("bytes_run");
	TCase *tests = tcase_create("bytes_run");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tests);
	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_set_timeout(tests, 20);
	tcase_add_loop_test(tests, test_right_keep, 0, RIGHT);
	tcase_add_loop_test(tests, test_right_in_pieces, 0, RIGHT);
	tcase_add_test(tests, test_right_close);
	tcase_add_test(tests, test_right_pipeline);
	tcase_add_test(tests, test_right_repeated_far);
	tcase_add_test(tests, test_right_unasked);
	tcase_add_test(tests, test_wrong_byte);
	tcase_add_test(tests, test_wrong_line);
	tcase_add_test(tests, test_too_long_a_line);
	tcase_add_test(tests, test_more_than_asked_for);
	tcase_add_test(tests, test_misfits);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
