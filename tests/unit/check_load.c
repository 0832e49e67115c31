/* SPDX-License-Identifier: MIT */
/* A run of the load engine as a whole: its phases, its bounds, what it refuses. */
#include "compare/load/load.h"

#include "compare/load/load_conn.h"

#include "echo_peers.h"
#include "unit_suite.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <time.h>

static struct load_result r;
static struct load_options o;
static char why[256];

static void tcp(void (*behave)(int fd))
{
	peer_start(peer_inet(SOCK_STREAM, AF_INET), behave, 0);
}

/* Runs the load and fails if it takes longer than it may. */
static void run(void)
{
	time_t begin = time(NULL);

	ck_assert_msg(load_run(&o, &r, why, sizeof(why)) == 0, "%s", why);
	ck_assert_int_le(time(NULL) - begin, 5);
}

static void note(void *arg, enum load_moment moment)
{
	char *seen = arg;

	seen[strlen(seen)] = (char)('0' + moment);
	if (moment == LOAD_BEGIN)
		usleep(300000);
}

/* What the watcher takes is no part of what is measured. */
START_TEST(test_watcher_stops_the_clock)
{
	char seen[8] = "";

	tcp(be_right);
	o.watch = note;
	o.arg = seen;
	run();
	ck_assert_str_eq(seen, "0123");
	ck_assert_uint_gt(r.requests, 0);
	ck_assert_uint_eq(load_errors_sum(&r.errors), 0);
	ck_assert_uint_eq(r.served, 4);
	ck_assert_double_lt(r.seconds, 0.45);
	ck_assert_uint_lt(r.latency.max, 250000000);
}
END_TEST

START_TEST(test_stopped)
{
	tcp(be_right);
	o.stop_fd = eventfd(1, EFD_CLOEXEC);
	o.duration = 60;
	run();
	ck_assert(r.stopped);
	o.threads = 3;
	run();
	ck_assert(r.stopped);
}
END_TEST

/* The watcher looks once, while all threads wait. */
START_TEST(test_threads)
{
	char seen[8] = "";

	tcp(be_right);
	o.watch = note;
	o.arg = seen;
	o.connections = 8;
	o.threads = 3;
	run();
	ck_assert_str_eq(seen, "0123");
	ck_assert_uint_gt(r.requests, 0);
	ck_assert_uint_eq(r.latency.count, r.requests);
	ck_assert_uint_eq(load_errors_sum(&r.errors), 0);
	ck_assert_uint_eq(r.asked, 8);
	ck_assert_uint_gt(r.served, 0);
}
END_TEST

static double elapsed(void)
{
	struct timespec begin, end;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	run();
	clock_gettime(CLOCK_MONOTONIC, &end);
	return (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9;
}

/* The last of four is opened when three quarters are over. */
START_TEST(test_ramp)
{
	tcp(be_right);
	o.ramp = 0.4;
	ck_assert_double_ge(elapsed(), 0.3 + o.warmup + o.duration);
	ck_assert_uint_gt(r.requests, 0);
	o.mode = LOAD_CLOSE;
	ck_assert_double_ge(elapsed(), 0.3 + o.warmup + o.duration);
	ck_assert_uint_gt(r.requests, 0);
}
END_TEST

/* Of four connections one is served: the index is a fourth. */
static void *serve_one(void *arg)
{
	be_right(accept(*(int *)arg, NULL, NULL));
	return NULL;
}

START_TEST(test_fairness)
{
	int listener = peer_inet(SOCK_STREAM, AF_INET);
	pthread_t server;

	ck_assert_int_eq(pthread_create(&server, NULL, serve_one, &listener), 0);
	run();
	pthread_join(server, NULL);
	close(listener);
	ck_assert_uint_eq(r.served, 1);
	ck_assert_double_eq_tol(r.fairness, 0.25, 1e-9);
}
END_TEST

/* Half of a second is in latencies, of the four that four connections have. */
START_TEST(test_stalled)
{
	r = (struct load_result) { .seconds = 1 };
	histogram_add(&r.latency, 200000000);
	histogram_add(&r.latency, 300000000);
	o.connections = 4;
	load_result_judge(&r, &o);
	ck_assert_double_eq_tol(r.stalled, 0.875, 1e-9);
	o.pipeline = 2;
	load_result_judge(&r, &o);
	ck_assert_double_eq_tol(r.stalled, 0.9375, 1e-9);
	o.think = 0.1;
	load_result_judge(&r, &o);
	ck_assert(isnan(r.stalled));
}
END_TEST

START_TEST(test_too_many_connections)
{
	struct rlimit few = { 100, 100 };

	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
	snprintf(peer.target, sizeof(peer.target), "tcp://127.0.0.1:1");
	o.connections = 100;
	ck_assert_int_eq(load_run(&o, &r, why, sizeof(why)), -EMFILE);
	ck_assert_ptr_nonnull(strstr(why, "100"));
}
END_TEST

START_TEST(test_bad_options)
{
	static const char *const bad[] = { "", "tcp://", "tcp://127.0.0.1", "127.0.0.1:80",
					   "unix://" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		o.target = bad[i];
		ck_assert_int_lt(load_run(&o, &r, why, sizeof(why)), 0);
	}
	o.target = "udp://127.0.0.1:1";
	o.size = 65508;
	ck_assert_int_eq(load_run(&o, &r, why, sizeof(why)), -EINVAL);
	o.size = SIZE;
	o.pipeline = 2;
	ck_assert_int_eq(load_run(&o, &r, why, sizeof(why)), -EINVAL);
	o.pipeline = 1;
	o.connections = 0;
	ck_assert_int_eq(load_run(&o, &r, why, sizeof(why)), -EINVAL);
}
END_TEST

static void set_up(void)
{
	o = (struct load_options)LOAD_DEFAULTS;
	o.target = peer.target;
	o.connections = 4;
	o.duration = 0.25;
	o.warmup = 0.05;
	peer_directory();
}

static void tear_down(void)
{
	peer_end();
}

int main(void)
{
	const TTest *const tests[] = {
		test_watcher_stops_the_clock,
		test_stopped,
		test_threads,
		test_ramp,
		test_fairness,
		test_stalled,
		test_too_many_connections,
		test_bad_options,
	};

	return SUITE_RUN("load", tests, set_up, tear_down);
}
