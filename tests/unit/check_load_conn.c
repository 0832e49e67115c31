/* SPDX-License-Identifier: MIT */
/* The load engine against small servers, right ones and those that each do one thing wrong. */
#include "compare/load/load.h"

#include "echo_peers.h"
#include "unit_suite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct load_result r;
static struct load_options o;
static char why[256];

static void tcp(void (*behave)(int fd))
{
	peer_start(peer_inet(SOCK_STREAM, AF_INET), behave, 0);
}

static void run(void)
{
	ck_assert_msg(load_run(&o, &r, why, sizeof(why)) == 0, "%s", why);
}

/* Longer, where a busy machine let one of them wait all the time. */
static void run_till_served(unsigned served)
{
	for (; r.served < served && o.duration < 5; run())
		o.duration *= 4;
}

static void all_served(unsigned served)
{
	ck_assert_uint_gt(r.requests, 0);
	ck_assert_uint_eq(r.latency.count, r.requests);
	ck_assert_uint_eq(r.served, served);
	ck_assert_double_ge(r.seconds, o.duration * 0.99);
}

static void all_well(unsigned served)
{
	run_till_served(served);
	ck_assert_uint_eq(load_errors_sum(&r.errors), 0);
	all_served(served);
}

/* A peer that a busy machine lets wait is asked again, and that is counted. */
static void all_well_or_asked_again(unsigned served)
{
	run_till_served(served);
	ck_assert_uint_eq(load_errors_sum(&r.errors), r.errors.count[LOAD_LOST]);
	all_served(served);
}

/* Only this kind of error, and it. */
static void only(enum load_error kind)
{
	ck_assert_uint_gt(r.errors.count[kind], 0);
	ck_assert_uint_eq(load_errors_sum(&r.errors), r.errors.count[kind]);
}

START_TEST(test_right_keep)
{
	tcp(be_right);
	run();
	all_well(4);
}
END_TEST

START_TEST(test_right_close)
{
	tcp(be_right);
	o.mode = LOAD_CLOSE;
	run();
	all_well(4);
}
END_TEST

START_TEST(test_right_large_pipelined)
{
	tcp(be_right);
	o.size = 300001;
	o.pipeline = 5;
	run();
	all_well(4);
}
END_TEST

START_TEST(test_right_small_pipelined)
{
	tcp(be_right);
	o.size = 3;
	o.pipeline = 16;
	run();
	all_well(4);
}
END_TEST

START_TEST(test_right_ipv6)
{
	int fd = peer_inet(SOCK_STREAM, AF_INET6);

	if (fd < 0) {
		puts("no IPv6 loopback here: not tested");
		return;
	}
	peer_start(fd, be_right, 0);
	o.mode = LOAD_CLOSE;
	run();
	all_well(4);
}
END_TEST

/* More clients than the listen queue holds: connect() says EAGAIN, which is no error but a wait. */
START_TEST(test_right_unix)
{
	peer_start(peer_unix(SOCK_STREAM), be_right, 0);
	o.connections = 16;
	run();
	all_well(16);
}
END_TEST

START_TEST(test_right_udp)
{
	peer_start(peer_inet(SOCK_DGRAM, AF_INET), NULL, 0);
	run();
	all_well_or_asked_again(4);
}
END_TEST

START_TEST(test_right_unix_dgram)
{
	peer_start(peer_unix(SOCK_DGRAM), NULL, 0);
	o.connections = 32;
	o.mode = LOAD_CLOSE;
	run();
	all_well_or_asked_again(32);
}
END_TEST

START_TEST(test_lost_datagrams_are_sent_again)
{
	peer_start(peer_inet(SOCK_DGRAM, AF_INET), NULL, 50);
	o.duration = 0.7;
	run();
	ck_assert_uint_gt(r.requests, 0);
	ck_assert_uint_eq(r.served, 4);
	only(LOAD_LOST);
}
END_TEST

START_TEST(test_requests_per_connection)
{
	tcp(answer_three);
	o.per_connection = 3;
	run();
	run_till_served(4);
	ck_assert_uint_eq(load_errors_sum(&r.errors), 0);
	o.per_connection = 4;
	run();
	only(LOAD_WRONG);
}
END_TEST

START_TEST(test_corrupted)
{
	tcp(corrupt);
	run();
	ck_assert_uint_gt(r.requests, 0);
	only(LOAD_WRONG);
	ck_assert_uint_eq(load_errors_wrong(&r.errors), r.errors.count[LOAD_WRONG]);
}
END_TEST

START_TEST(test_stale_reply_is_wrong)
{
	tcp(repeat_the_first);
	run();
	only(LOAD_WRONG);
}
END_TEST

START_TEST(test_too_much_is_wrong)
{
	tcp(say_too_much);
	run();
	only(LOAD_WRONG);
	ck_assert_uint_eq(r.requests, 0);
}
END_TEST

START_TEST(test_truncated)
{
	tcp(truncate_reply);
	run();
	only(LOAD_TRUNCATED);
	ck_assert_uint_eq(r.requests, 0);
}
END_TEST

START_TEST(test_closed_early)
{
	tcp(close_early);
	run();
	only(LOAD_CLOSED);
	ck_assert_uint_eq(r.served, 0);
}
END_TEST

START_TEST(test_reset)
{
	tcp(reset);
	run();
	only(LOAD_RESET);
	ck_assert_int_eq(r.errors.number[LOAD_RESET], ECONNRESET);
}
END_TEST

START_TEST(test_never_answered_is_a_timeout)
{
	tcp(never_answer);
	o.timeout = 0.1;
	run();
	only(LOAD_TIMEOUT);
}
END_TEST

START_TEST(test_waiting_within_the_timeout_is_no_error)
{
	tcp(never_answer);
	run();
	ck_assert_uint_eq(load_errors_sum(&r.errors), 0);
	ck_assert_uint_eq(r.requests, 0);
	ck_assert_uint_eq(r.served, 0);
}
END_TEST

START_TEST(test_refused)
{
	close(peer_inet(SOCK_STREAM, AF_INET));
	run();
	only(LOAD_REFUSED);
}
END_TEST

START_TEST(test_not_connected)
{
	snprintf(peer.target, sizeof(peer.target), "unix://%s/nobody", peer.directory);
	run();
	only(LOAD_CONNECT);
	ck_assert_int_eq(r.errors.number[LOAD_CONNECT], ENOENT);
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
		test_right_keep,
		test_right_close,
		test_right_large_pipelined,
		test_right_small_pipelined,
		test_right_ipv6,
		test_right_unix,
		test_right_udp,
		test_right_unix_dgram,
		test_lost_datagrams_are_sent_again,
		test_requests_per_connection,
		test_corrupted,
		test_stale_reply_is_wrong,
		test_too_much_is_wrong,
		test_truncated,
		test_closed_early,
		test_reset,
		test_never_answered_is_a_timeout,
		test_waiting_within_the_timeout_is_no_error,
		test_refused,
		test_not_connected,
	};

	return SUITE_RUN("load_conn", tests, set_up, tear_down);
}
