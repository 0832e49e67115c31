/* SPDX-License-Identifier: MIT */
/* What is seen of a server that has a process for each connection, and how it is told. */
#include "compare/report/load_report.h"

#include "echo_peers.h"
#include "unit_suite.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>

static struct load_result r;
static struct load_options o;
static struct watcher w;
static struct sample s;

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
	watcher_sample(&w, &r, &s);
	ck_assert_double_gt(s.of[METRIC_SWITCHES_VOLUNTARY], 0);
	ck_assert_double_ge(s.of[METRIC_MEMORY_PEAK], s.of[METRIC_MEMORY]);
	ck_assert_double_ge(s.of[METRIC_QUEUE_PEAK], s.of[METRIC_QUEUE_MEAN]);
	ck_assert(isnan(s.of[METRIC_BALANCE])); /* it has no scoreboard */
	ck_assert_uint_eq(w.worker_count, 0);
}
END_TEST

/* What connections cost lies beyond their replies: all of them count. */
START_TEST(test_one_request_each)
{
	struct rusage life = { .ru_nvcsw = 0 };

	run(LOAD_CLOSE);
	ck_assert_uint_eq(watcher_requests(&w, &r), r.answered);
	ck_assert_uint_gt(r.answered, r.requests);
	watcher_sample(&w, &r, &s);
	ck_assert(isnan(s.of[METRIC_SWITCHES_VOLUNTARY])); /* of children that have ended */
	ck_assert_double_ge(s.of[METRIC_FAULTS_MINOR], 1); /* a child per request */
	life.ru_nvcsw = (long)(tasks_sum(&w.tasks).voluntary + 3 * r.answered);
	life.ru_nivcsw = (long)tasks_sum(&w.tasks).involuntary;
	watcher_ended(&w, &life);
	watcher_sample(&w, &r, &s);
	ck_assert_double_eq_tol(s.of[METRIC_SWITCHES_VOLUNTARY], 3, 1e-9);
	ck_assert_double_eq(s.of[METRIC_SWITCHES_INVOLUNTARY], 0);
}
END_TEST

START_TEST(test_no_requests)
{
	static const struct watcher seen = { .root = 1, .end = { .cpu = 1 } };
	static const struct load_result got = { .requests = 0 };
	char text[4096] = "";
	FILE *f = fmemopen(text, sizeof(text), "w");

	ck_assert(isnan(watcher_cpu_us(&seen, &got)));
	watcher_sample(&seen, &got, &s);
	ck_assert(isnan(s.of[METRIC_CPU]));
	ck_assert(isnan(s.of[METRIC_FAULTS_MINOR]));
	o = (struct load_options)LOAD_DEFAULTS;
	o.target = "tcp://127.0.0.1:1";
	load_report_json(f, &o, &got, &seen);
	load_report_text(f, &o, &got, &seen);
	fclose(f);
	ck_assert_ptr_nonnull(strstr(text, "\"cpu_us_per_request\": null, \"requests\": 0,"));
	ck_assert_ptr_nonnull(strstr(text, "  server     - us of CPU per request, 0.0 MB,"));
}
END_TEST

/* Who ended without having waited for its children tells less than they were seen to have had. */
START_TEST(test_life_without_children)
{
	struct rusage life = { .ru_nvcsw = 0 };

	run(LOAD_CLOSE);
	ck_assert_uint_gt(w.tasks.count, 0);
	w.tasks.all[0].had = (struct switches) { 100, 100 };
	watcher_ended(&w, &life);
	watcher_sample(&w, &r, &s);
	ck_assert(isnan(s.of[METRIC_SWITCHES_VOLUNTARY]));
	ck_assert(isnan(s.of[METRIC_SWITCHES_INVOLUNTARY]));
}
END_TEST

/* It is never told how it ended; so nothing is known of what it cost. */
START_TEST(test_interrupted)
{
	char why[256];

	peer_start(peer_inet(SOCK_STREAM, AF_INET), be_right, 0);
	o = (struct load_options)LOAD_DEFAULTS;
	o.target = peer.target;
	o.mode = LOAD_CLOSE;
	o.stop_fd = eventfd(1, EFD_CLOEXEC);
	watcher_init(&w, peer.pid, &o);
	ck_assert_msg(load_run(&o, &r, why, sizeof(why)) == 0, "%s", why);
	close(o.stop_fd);
	ck_assert(r.stopped);
	r.answered = 1000;
	watcher_sample(&w, &r, &s);
	for (int m = METRIC_CPU; m <= METRIC_THREADS; m++)
		ck_assert(isnan(s.of[m]));
	ck_assert(isnan(s.of[METRIC_FAULTS_MINOR]));
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
	static const struct watcher seen = { .root = 1,
					     .counted = true,
					     .end = { .cpu = 1 },
					     .open = {
						     .memory = 5, .processes = 2, .threads = 3 } };
	static const struct load_result got = { .requests = 1000 };
	char text[2048] = "";
	FILE *f = fmemopen(text, sizeof(text), "w");

	o = (struct load_options)LOAD_DEFAULTS;
	o.target = "tcp://127.0.0.1:1";
	load_report_json(f, &o, &got, &seen);
	load_report_text(f, &o, &got, &seen);
	fclose(f);
	ck_assert_ptr_nonnull(strstr(text, ", \"server\": {\"cpu_us_per_request\": 1000, "
					   "\"requests\": 1000, \"memory\": 5, \"processes\": 2, "
					   "\"threads\": 3, "));
	ck_assert_ptr_nonnull(strstr(text, "\"server_user_us_per_request\": null"));
	ck_assert_ptr_nonnull(strstr(text, "\"workers\": []}}\n"));
	ck_assert_ptr_nonnull(strstr(text, "accept queue - in the mean, - at most"));
	ck_assert_ptr_nonnull(strstr(text, "  server     1000.00 us of CPU per request, 0.0 MB, "
					   "2 processes, 3 threads\n"));
}
END_TEST

static void begin_all(void)
{
	w = (struct watcher) { .queue = { .fd = -1, .stop_fd = -1 } };
	peer_directory();
}

static void end_all(void)
{
	watcher_free(&w);
	peer_end();
}

int main(void)
{
	const TTest *const tests[] = {
		test_kept,        test_one_request_each,
		test_no_requests, test_life_without_children,
		test_interrupted, test_server_gone,
		test_report,
	};

	return SUITE_RUN("watcher", tests, begin_all, end_all);
}
