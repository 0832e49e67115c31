/* SPDX-License-Identifier: MIT */
/* HTTP requests to servers that answer them, and to some that do not as they should. */
#include "compare/load/http.h"
#include "compare/load/load.h"

#include "text_peers.h"

#include <check.h>
#include <errno.h>
#include <stdlib.h>

static struct load_result r;
static struct load_options o;
static struct http_wish wish;
static struct http h;
static char why[256];

static const char hello[] = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

static void run(void (*behave)(int fd), const char *response)
{
	char target[200];

	say_what(response, strlen(response), o.mode == LOAD_KEEP ? 3 : 4);
	peer_start(peer_inet(SOCK_STREAM, AF_INET), behave, 0);
	snprintf(target, sizeof(target), "http%s/x", strchr(peer.target, ':'));
	wish.target = target;
	ck_assert_msg(http_read(&h, &wish, why, sizeof(why)) == 0, "%s", why);
	/* Longer, where a busy machine let one of them wait all the time. */
	do {
		ck_assert_msg(load_run(&o, &r, why, sizeof(why)) == 0, "%s", why);
		o.duration *= 4;
	} while (r.served < o.connections && !load_errors_sum(&r.errors) && o.duration < 5);
	http_free(&h);
}

static void all_well(void)
{
	ck_assert_msg(!*r.wrong, "%s", r.wrong);
	ck_assert_uint_eq(load_errors_sum(&r.errors), 0);
	ck_assert_uint_eq(r.latency.count, r.requests);
	ck_assert_uint_eq(r.served, o.connections);
}

static void only(enum load_error kind, const char *wrong)
{
	ck_assert_uint_gt(r.errors.count[kind], 0);
	ck_assert_uint_eq(load_errors_sum(&r.errors), r.errors.count[kind]);
	ck_assert_str_eq(r.wrong, wrong);
}

/* Whole responses: with a length, in chunks, without a body, after an interim one. */
static const char *const right[] = {
	hello,
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
	"HTTP/1.1 204 No Content\r\n\r\n",
	"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
};
enum { RIGHT = sizeof(right) / sizeof(*right) };

START_TEST(test_right_keep)
{
	run(answer_each, right[_i]);
	all_well();
}
END_TEST

START_TEST(test_right_in_pieces)
{
	o.connections = 2;
	o.pipeline = 3;
	run(answer_byte_by_byte, right[_i]);
	all_well();
}
END_TEST

START_TEST(test_right_close)
{
	o.mode = LOAD_CLOSE;
	run(answer_and_end, hello);
	all_well();
}
END_TEST

/* A server that closes after each response and says so: other connections follow. */
START_TEST(test_right_server_closes)
{
	run(answer_and_end,
	    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello");
	all_well();
}
END_TEST

/* One that ends a body by closing. */
START_TEST(test_right_ended_by_the_stream)
{
	run(answer_and_end, "HTTP/1.0 200 OK\r\n\r\nhello");
	all_well();
}
END_TEST

START_TEST(test_status)
{
	run(answer_each, "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
	only(LOAD_STATUS, "status: got 503, want 200 to 299");
	ck_assert_uint_eq(load_errors_wrong(&r.errors), r.errors.count[LOAD_STATUS]);
	ck_assert_uint_eq(r.requests, 0);
}
END_TEST

START_TEST(test_asked_for_status)
{
	wish.status = 404;
	run(answer_each, "HTTP/1.1 404 None\r\nContent-Length: 2\r\n\r\nno");
	all_well();
	peer_end();
	peer_directory();
	o.duration = 0.05;
	run(answer_each, hello);
	only(LOAD_STATUS, "status: got 200, want 404");
}
END_TEST

START_TEST(test_body_changes)
{
	run(change_the_third, hello);
	only(LOAD_WRONG, "body: another byte than expected after 4");
}
END_TEST

START_TEST(test_body_may_change)
{
	wish.any_body = true;
	run(change_the_third, hello);
	all_well();
}
END_TEST

START_TEST(test_expected_body)
{
	char path[] = "/tmp/check_http_run.XXXXXX";
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, "hello!", 6), 6);
	close(fd);
	wish.expect_body = path;
	run(answer_each, hello);
	unlink(path);
	only(LOAD_WRONG, "body: got 5 bytes, want 6");
	ck_assert_uint_eq(r.requests, 0);
}
END_TEST

START_TEST(test_garbage)
{
	run(answer_each, "220 ready\r\n");
	ck_assert_uint_gt(r.errors.count[LOAD_WRONG], 0);
	ck_assert_uint_eq(load_errors_sum(&r.errors), r.errors.count[LOAD_WRONG]);
	ck_assert_msg(!strncmp(r.wrong, "no HTTP response: ", 18), "%s", r.wrong);
}
END_TEST

/* Both come at once, as a server does that answers twice. */
START_TEST(test_unasked)
{
	char twice[2 * sizeof(hello)];

	snprintf(twice, sizeof(twice), "%s%s", hello, hello);
	run(answer_each, twice);
	only(LOAD_WRONG, "a response that was not asked for");
}
END_TEST

START_TEST(test_cut_short)
{
	run(answer_and_end, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello");
	only(LOAD_TRUNCATED, "");
}
END_TEST

START_TEST(test_closed_early)
{
	run(answer_and_end, "");
	only(LOAD_CLOSED, "");
}
END_TEST

static void set_up(void)
{
	o = (struct load_options)LOAD_DEFAULTS;
	o.target = peer.target;
	o.http = &h;
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
	Suite *suite = suite_create("http_run");
	TCase *tests = tcase_create("http_run");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tests);
	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_set_timeout(tests, 20);
	tcase_add_loop_test(tests, test_right_keep, 0, RIGHT);
	tcase_add_loop_test(tests, test_right_in_pieces, 0, RIGHT);
	tcase_add_test(tests, test_right_close);
	tcase_add_test(tests, test_right_server_closes);
	tcase_add_test(tests, test_right_ended_by_the_stream);
	tcase_add_test(tests, test_status);
	tcase_add_test(tests, test_asked_for_status);
	tcase_add_test(tests, test_body_changes);
	tcase_add_test(tests, test_body_may_change);
	tcase_add_test(tests, test_expected_body);
	tcase_add_test(tests, test_garbage);
	tcase_add_test(tests, test_unasked);
	tcase_add_test(tests, test_cut_short);
	tcase_add_test(tests, test_closed_early);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
