/* SPDX-License-Identifier: MIT */
/*
 * The open loop and think time.  What is asserted of times follows from arithmetic, however busy
 * the machine is: a stall of 100 ms within 500 ms hits each arrival of an even schedule that lies
 * in it, and of a closed loop one request of each connection.
 */
#include "compare/load/load.h"

#include "echo_peers.h"
#include "unit_suite.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>

enum { STALL_MS = 100, CONNECTIONS = 8, ACCEPTED = 64 };

static struct load_result r;
static struct load_options o;
static char why[256];
static struct shared {
	_Atomic int64_t stall_at; /* 0: the server does not stall */
} * shared;

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void doze(int ms)
{
	int64_t end = now_ns() + ms * INT64_C(1000000);

	while (now_ns() < end)
		poll(NULL, 0, 1);
}

/* Whether the connection goes on. */
static bool answer(int fd)
{
	static char buf[BUFFER];
	ssize_t n = read(fd, buf, sizeof(buf));

	if (shared->stall_at && now_ns() >= shared->stall_at) {
		doze(STALL_MS);
		shared->stall_at = 0;
	}
	if (n > 0)
		write_all(fd, buf, (size_t)n);
	return n > 0;
}

/* All connections in one process, so that one stall holds up all of them. */
static void serve_all(int listener)
{
	struct pollfd fds[1 + ACCEPTED] = { { .fd = listener, .events = POLLIN } };
	nfds_t n = 1;

	for (;;) {
		poll(fds, n, -1);
		for (nfds_t i = 1; i < n; i++)
			if (fds[i].revents && !answer(fds[i].fd)) {
				close(fds[i].fd);
				fds[i].fd = -1;
			}
		if (fds[0].revents && n <= ACCEPTED)
			fds[n++] = (struct pollfd) { .fd = accept(listener, NULL, NULL),
						     .events = POLLIN };
	}
}

static void serve(void)
{
	int listener = peer_inet(SOCK_STREAM, AF_INET);

	peer.pid = fork();
	ck_assert_int_ge(peer.pid, 0);
	if (!peer.pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve_all(listener);
	}
	close(listener);
}

static void run(void)
{
	ck_assert_msg(load_run(&o, &r, why, sizeof(why)) == 0, "%s", why);
}

/* Longer, where a busy machine let nothing be done. */
static void run_till_answered(void)
{
	for (run(); !r.requests && o.duration < 5; run())
		o.duration *= 4;
	ck_assert_uint_gt(r.requests, 0);
}

/* In the midst of the measured time. */
static void let_stall(void *arg, enum load_moment moment)
{
	if (moment == LOAD_BEGIN)
		shared->stall_at = now_ns() + STALL_MS * INT64_C(1000000);
}

static double p99_ms(const struct histogram *h)
{
	return (double)histogram_percentile(h, 99) / 1e6;
}

/* 1 in 50 arrivals comes in the first tenth of the stall, and waits for more than nine of them.
 * Only one of them was sent: the others waited for the connection. */
START_TEST(test_open_loop_shows_a_stall)
{
	serve();
	o.watch = let_stall;
	o.duration = 0.5;
	o.connections = 1;
	o.rate = 1000;
	run();
	ck_assert_int_eq(shared->stall_at, 0);
	ck_assert_double_ge(p99_ms(&r.latency), 85);
	ck_assert_uint_ge(r.arrived, 499);
	ck_assert_uint_eq(load_errors_sum(&r.errors), 0);
}
END_TEST

/* The same stall, and the maximum tells it: it was one request in many hundreds. */
START_TEST(test_closed_loop_hides_it)
{
	serve();
	o.watch = let_stall;
	o.duration = 0.5;
	o.connections = 1;
	run();
	ck_assert_int_eq(shared->stall_at, 0);
	ck_assert_uint_ge(r.latency.max, 85000000);
	ck_assert_double_lt(p99_ms(&r.latency), 85);
	ck_assert_double_le(r.offered, 0);
}
END_TEST

static void on_alarm(int sig)
{
	doze(3 * STALL_MS);
}

/* The engine itself stalls: whatever the server does, the sends come late.  So few arrive that
 * there is a free connection for those of the stall's first half. */
START_TEST(test_late_engine_is_invalid)
{
	struct itimerval soon = { .it_value.tv_usec = 300000 };

	serve();
	signal(SIGALRM, on_alarm);
	o.duration = 0.8;
	o.rate = 50;
	setitimer(ITIMER_REAL, &soon, NULL);
	run();
	ck_assert(r.late);
	ck_assert_uint_ge(r.lag.max, 150000000);
	ck_assert_uint_ge(r.latency.max, 150000000);
}
END_TEST

START_TEST(test_arrivals_are_those_of_the_schedule)
{
	serve();
	o.duration = 0.3;
	o.rate = 500;
	run_till_answered();
	ck_assert_uint_ge(r.arrived, 149);
	ck_assert_double_eq_tol(r.offered, 500, 500 / 50.0);
	o.arrivals = PACE_POISSON;
	run_till_answered();
	ck_assert_uint_eq(load_errors_sum(&r.errors), 0);
}
END_TEST

static void all_kinds(void)
{
	o.rate = 400;
	run_till_answered();
	ck_assert_uint_eq(load_errors_sum(&r.errors), r.errors.count[LOAD_LOST]);
}

START_TEST(test_rate_of_connections)
{
	peer_start(peer_inet(SOCK_STREAM, AF_INET), be_right, 0);
	o.mode = LOAD_CLOSE;
	all_kinds();
	o.mode = LOAD_KEEP;
	o.per_connection = 2;
	all_kinds();
}
END_TEST

START_TEST(test_rate_on_unix)
{
	peer_start(peer_unix(SOCK_STREAM), be_right, 0);
	all_kinds();
	o.mode = LOAD_CLOSE;
	all_kinds();
}
END_TEST

START_TEST(test_rate_of_datagrams)
{
	peer_start(peer_inet(SOCK_DGRAM, AF_INET), NULL, 0);
	all_kinds();
	o.mode = LOAD_CLOSE;
	all_kinds();
}
END_TEST

/* Nothing is sent beyond the one request of each connection, and all that arrives is counted. */
START_TEST(test_overload)
{
	peer_start(peer_inet(SOCK_STREAM, AF_INET), never_answer, 0);
	o.mode = LOAD_CLOSE;
	o.rate = 1000;
	run();
	ck_assert_uint_eq(r.requests, 0);
	ck_assert_uint_ge(r.arrived, 249);
	ck_assert_uint_ge(r.unanswered, 249 + 49);
	ck_assert(r.overload);
	ck_assert_double_le(r.fairness, 0);
}
END_TEST

/* A server may close what is idle: no error, and the next request opens it again. */
static void answer_once(int fd)
{
	char buf[SIZE];

	read_message(fd, buf);
	write_all(fd, buf, SIZE);
}

START_TEST(test_idle_ones_may_be_closed)
{
	peer_start(peer_inet(SOCK_STREAM, AF_INET), answer_once, 0);
	o.connections = 2;
	o.rate = 20;
	o.duration = 0.5;
	run_till_answered();
	ck_assert_uint_eq(r.errors.count[LOAD_WRONG] + r.errors.count[LOAD_TIMEOUT], 0);
}
END_TEST

static void think(double seconds)
{
	double rounds;

	o.think = seconds;
	run_till_answered();
	rounds = r.seconds / seconds + 1;
	ck_assert_double_le((double)r.requests, o.connections * rounds);
	ck_assert_uint_eq(load_errors_sum(&r.errors), 0);
}

START_TEST(test_think)
{
	peer_start(peer_inet(SOCK_STREAM, AF_INET), be_right, 0);
	think(0.05);
	o.mode = LOAD_CLOSE;
	think(0.05);
}
END_TEST

/* Each has a time of its own at which it begins, within the first time to think: a quarter of them
 * in a quarter of it, though replies come before all stand in the queue, which chance decides: so
 * twice in a row.  Longer, where a busy machine had no time for them. */
START_TEST(test_who_thinks_begins_in_turn)
{
	int in_a_row = 0;

	peer_start(peer_inet(SOCK_DGRAM, AF_INET), NULL, 0);
	o.mode = LOAD_CLOSE;
	o.connections = 10000;
	o.warmup = 0;
	for (int seconds = 1; in_a_row < 2 && seconds < 20; seconds *= in_a_row ? 1 : 2) {
		o.think = seconds;
		o.duration = o.think / 4;
		run();
		in_a_row = r.answered >= 2250 ? in_a_row + 1 : 0;
	}
	ck_assert_int_eq(in_a_row, 2);
}
END_TEST

START_TEST(test_rate_by_threads)
{
	serve();
	o.rate = 1000;
	o.threads = 3;
	run_till_answered();
	ck_assert_uint_ge(r.arrived, 249);
	ck_assert_double_eq_tol(r.offered, 1000, 1000 / 50.0);
	ck_assert_uint_eq(load_errors_sum(&r.errors), 0);
}
END_TEST

START_TEST(test_refused)
{
	struct load_options good = o, bad[] = { o, o, o, o, o, o };

	bad[0].rate = -1;
	bad[1].rate = bad[1].think = 1;
	bad[2].rate = 1;
	bad[2].pipeline = 2;
	bad[3].think = 1;
	bad[3].script = (const struct script *)&good;
	bad[4].per_connection = 1;
	bad[5].threads = o.connections + 1;
	snprintf(peer.target, sizeof(peer.target), "tcp://127.0.0.1:1");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		*why = '\0';
		ck_assert_int_eq(load_run(&bad[i], &r, why, sizeof(why)), -EINVAL);
		ck_assert_uint_gt(strlen(why), 20);
	}
}
END_TEST

static void set_up(void)
{
	o = (struct load_options)LOAD_DEFAULTS;
	o.target = peer.target;
	o.connections = CONNECTIONS;
	o.duration = 0.25;
	o.warmup = 0.05;
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	ck_assert_ptr_ne(shared, MAP_FAILED);
	peer_directory();
}

static void tear_down(void)
{
	peer_end();
	munmap(shared, sizeof(*shared));
}

int main(void)
{
	const TTest *const tests[] = {
		test_open_loop_shows_a_stall,
		test_closed_loop_hides_it,
		test_late_engine_is_invalid,
		test_arrivals_are_those_of_the_schedule,
		test_rate_of_connections,
		test_rate_on_unix,
		test_rate_of_datagrams,
		test_overload,
		test_idle_ones_may_be_closed,
		test_think,
		test_who_thinks_begins_in_turn,
		test_rate_by_threads,
		test_refused,
	};

	return SUITE_RUN("idle", tests, set_up, tear_down);
}
