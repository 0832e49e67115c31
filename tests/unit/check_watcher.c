/* SPDX-License-Identifier: MIT */
/* What is seen of a server that has a process for each connection, and how it is told. */
#include "compare/report/load_report.h"

#include "echo_peers.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct load_result r;
static struct load_options o;
static struct watcher w;

static void run(enum load_mode mode)
{
	char why[256];

	peer_start(peer_inet(SOCK_STREAM, AF_INET), be_right, 0);
	o = (struct load_options)LOAD_DEFAULTS;
	o.target = peer.target;
	o.mode = mode;
	o.connections = 4;
	o.duration = 0.25;
	o.warmup = 0.05;
	watcher_init(&w, peer.pid, &o);
	ck_assert_msg(load_run(&o, &r, why, sizeof(why)) == 0, "%s", why);
	ck_assert_int_eq(w.err, 0);
	ck_assert_double_gt(watcher_cpu_us(&w, &r), 0);
}

START_TEST(test_kept)
{
	run(LOAD_KEEP);
	ck_assert_uint_eq(watcher_requests(&w, &r), r.requests);
	ck_assert_uint_ge(w.open.processes, 5);
	ck_assert_uint_gt(w.open.memory, 0);
}
END_TEST

/* What connections cost lies beyond their replies: all of them count. */
START_TEST(test_one_request_each)
{
	run(LOAD_CLOSE);
	ck_assert_uint_eq(watcher_requests(&w, &r), r.answered);
	ck_assert_uint_gt(r.answered, r.requests);
}
END_TEST

START_TEST(test_no_requests)
{
	ck_assert_double_eq(watcher_cpu_us(&(struct watcher) { .end = { .cpu = 1 } },
					   &(struct load_result) { .requests = 0 }),
			    0);
}
END_TEST

START_TEST(test_server_gone)
{
	run(LOAD_KEEP);
	peer_end();
	w.err = 0;
	o.watch(o.arg, LOAD_BEGIN);
	ck_assert_int_eq(w.err, -ESRCH);
}
END_TEST

START_TEST(test_report)
{
	static const struct watcher seen = {
		.end = { .cpu = 1 }, .open = { .memory = 5, .processes = 2, .threads = 3 }
	};
	static const struct load_result got = { .requests = 1000 };
	char text[2048] = "";
	FILE *f = fmemopen(text, sizeof(text), "w");

	o = (struct load_options)LOAD_DEFAULTS;
	o.target = "tcp://127.0.0.1:1";
	load_report_json(f, &o, &got, &seen);
	load_report_text(f, &o, &got, &seen);
	fclose(f);
	ck_assert_ptr_nonnull(strstr(text, ", \"server\": {\"cpu_us_per_request\": 1000.0000, "
					   "\"requests\": 1000, \"memory\": 5, \"processes\": 2, "
					   "\"threads\": 3}}\n"));
	ck_assert_ptr_nonnull(strstr(text, "  server     1000.00 us of CPU per request, 0.0 MB, "
					   "2 processes, 3 threads\n"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("watcher");
	TCase *tests = tcase_create("watcher");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tests);
	tcase_add_checked_fixture(tests, peer_directory, peer_end);
	tcase_set_timeout(tests, 20);
	tcase_add_test(tests, test_kept);
	tcase_add_test(tests, test_one_request_each);
	tcase_add_test(tests, test_no_requests);
	tcase_add_test(tests, test_server_gone);
	tcase_add_test(tests, test_report);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
