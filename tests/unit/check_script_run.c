/* SPDX-License-Identifier: MIT */
/* Scripts against small servers, right ones and those that each do one thing wrong. */
#include "compare/load/load.h"
#include "compare/load/script.h"

#include "script_peers.h"
#include "unit_suite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct load_result r;
static struct load_options o;
static struct script s;
static struct histogram labels[SCRIPT_LABELS];
static char why[256];

static void run(void (*behave)(int fd), const char *text)
{
	peer_start(peer_inet(SOCK_STREAM, AF_INET), behave, 0);
	ck_assert_msg(script_parse(&s, "a/the.script", text, why, sizeof(why)) == 0, "%s", why);
	ck_assert_msg(load_run(&o, &r, why, sizeof(why)) == 0, "%s", why);
}

static void all_well(void)
{
	ck_assert_msg(!*r.wrong, "%s", r.wrong);
	ck_assert_uint_eq(load_errors_sum(&r.errors), 0);
	ck_assert_uint_gt(r.requests, 0);
	ck_assert_uint_eq(r.latency.count, r.requests);
	ck_assert_uint_eq(r.served, o.connections);
}

static void only(enum load_error kind)
{
	ck_assert_uint_gt(r.errors.count[kind], 0);
	ck_assert_uint_eq(load_errors_sum(&r.errors), r.errors.count[kind]);
}

START_TEST(test_dialogue)
{
	run(table,
	    "once {\nexpect \"200 *\"\nsend \"HELLO $run-$id\\r\\n\"\nexpect \"210 {me}\"\n}\n"
	    "repeat 3 {\nsend add \"ADD $me.$n\\r\\n\"\nexpect \"220 {count} $me.$n\"\n}\n"
	    "send list \"LIST\\r\\n\"\nexpect \"230 $count\" until \".\"\n"
	    "send put \"PUT\\r\\n\"\nexpect \"340 *\"\nthen \"w $rand(1,9)\\r\\n\"\n"
	    "expect \"240 w {_}\"\n");
	all_well();
	ck_assert_uint_eq(labels[0].count, 0);
	ck_assert_uint_eq(labels[1].count + labels[2].count + labels[3].count, r.requests);
	/* Rounds that the measured time cut. */
	ck_assert_uint_le(labels[1].count, 3 * (labels[2].count + o.connections));
	ck_assert_uint_ge(labels[1].count + 3 * o.connections, 3 * labels[2].count);
	ck_assert_uint_le(labels[3].count, labels[2].count + o.connections);
}
END_TEST

START_TEST(test_lines_in_pieces)
{
	run(hesitant, "once {\nexpect \"200 here\"\n}\nsend \"x\\n\"\nexpect \"220 {_} x\"\n");
	all_well();
}
END_TEST

START_TEST(test_pause)
{
	run(table,
	    "once {\nexpect \"200 *\"\npause 1ms\nsend \"HELLO x\\r\\n\"\nexpect \"210 x\"\n}\n"
	    "send \"ADD y\\r\\n\"\nexpect \"220 *\"\npause 20ms\n");
	all_well();
	/* 0.25 s have room for a dozen pauses. */
	ck_assert_uint_le(r.requests, o.connections * 14);
}
END_TEST

START_TEST(test_wrong_reply)
{
	run(refuse_the_third, "send \"x\\n\"\nexpect \"220 *\"\n");
	only(LOAD_WRONG);
	ck_assert_uint_gt(r.requests, 0);
	ck_assert_str_eq(r.wrong, "the.script:2: got '450 not ? now'");
}
END_TEST

/* A connection that is opened again calls itself by another number. */
START_TEST(test_number_is_new_after_an_error)
{
	o.connections = 1;
	run(refuse_number_one, "send \"$id\\n\"\nexpect \"220 *\"\n");
	only(LOAD_WRONG);
	ck_assert_uint_eq(r.errors.count[LOAD_WRONG], 1);
	ck_assert_uint_gt(r.requests, 0);
}
END_TEST

START_TEST(test_unexpected_line)
{
	run(say_two_lines, "send \"x\\n\"\nexpect \"220 *\"\n");
	only(LOAD_WRONG);
	ck_assert_str_eq(r.wrong, "the.script:1: got '220 2'");
}
END_TEST

START_TEST(test_long_line)
{
	run(never_end_a_line, "send \"x\\n\"\nexpect \"*\"\n");
	only(LOAD_WRONG);
	ck_assert_str_eq(r.wrong, "the.script:2: got a line of more than 4096 bytes");
}
END_TEST

/* One that comes as a whole has no other bound. */
START_TEST(test_long_line_at_once)
{
	run(say_a_long_line, "send \"x\\n\"\nexpect \"*\"\n");
	only(LOAD_WRONG);
	ck_assert_str_eq(r.wrong, "the.script:2: got a line of more than 4096 bytes");
}
END_TEST

/* The line that is told is that of the pause, not the script's first. */
START_TEST(test_line_during_a_pause)
{
	run(say_two_lines, "once {\npause 1ms\n}\n"
			   "send \"x\\n\"\nexpect \"220 *\"\npause 10s\n");
	only(LOAD_WRONG);
	ck_assert_str_eq(r.wrong, "the.script:6: got '220 2'");
}
END_TEST

/* What goes on and on is no reply in time. */
START_TEST(test_endless_reply)
{
	o.timeout = 0.1;
	run(say_ever_more, "send \"x\\n\"\nexpect \"220 *\" until \".\"\n");
	only(LOAD_TIMEOUT);
	ck_assert_uint_eq(r.requests, 0);
}
END_TEST

/* Who was greeted was connected, even if a reset may overtake some greetings.  A beginning that
 * fails is not waited for again and again, which would take 10 s. */
START_TEST(test_reset_after_the_greeting)
{
	time_t began = time(NULL);

	run(greet_and_reset, "once {\nexpect \"200 *\"\npause 10s\n}\n"
			     "send \"x\\n\"\nexpect \"220 *\"\n");
	ck_assert_uint_gt(r.errors.count[LOAD_RESET], 0);
	ck_assert_int_lt(time(NULL) - began, 8);
}
END_TEST

START_TEST(test_unended_reply)
{
	o.timeout = 0.1;
	run(never_end_a_reply, "send \"x\\n\"\nexpect \"220 *\" until \".\"\n");
	only(LOAD_TIMEOUT);
	ck_assert_uint_eq(r.requests, 0);
}
END_TEST

START_TEST(test_cut_reply)
{
	run(leave_within, "send \"x\\n\"\nexpect \"220 *\" until \".\"\n");
	only(LOAD_TRUNCATED);
}
END_TEST

START_TEST(test_closed)
{
	run(leave, "send \"$rand(1,9)\\n\"\nexpect \"220 *\"\n");
	ck_assert_uint_eq(r.requests, 0);
	ck_assert_uint_gt(load_errors_sum(&r.errors), 0);
	ck_assert_uint_eq(r.errors.count[LOAD_WRONG], 0);
}
END_TEST

static void refused(const char *want)
{
	ck_assert_int_eq(load_run(&o, &r, why, sizeof(why)), -EINVAL);
	ck_assert_msg(strstr(why, want) != NULL, "got \"%s\", want \"%s\"", why, want);
}

START_TEST(test_misfits)
{
	o.target = "udp://127.0.0.1:1";
	refused("a script needs a stream");
	o.target = "tcp://127.0.0.1:1";
	o.mode = LOAD_CLOSE;
	refused("a script needs mode keep");
	o.mode = LOAD_KEEP;
	o.pipeline = 2;
	refused("a script needs mode keep and no pipeline");
}
END_TEST

static void set_up(void)
{
	o = (struct load_options)LOAD_DEFAULTS;
	o.target = peer.target;
	o.connections = 4;
	o.duration = 0.25;
	o.warmup = 0.05;
	o.script = &s;
	o.by_label = labels;
	peer_directory();
}

static void tear_down(void)
{
	peer_end();
	script_free(&s);
}

int main(void)
{
	const TTest *const tests[] = {
		test_dialogue,
		test_lines_in_pieces,
		test_pause,
		test_wrong_reply,
		test_number_is_new_after_an_error,
		test_unexpected_line,
		test_long_line,
		test_long_line_at_once,
		test_line_during_a_pause,
		test_endless_reply,
		test_reset_after_the_greeting,
		test_unended_reply,
		test_cut_reply,
		test_closed,
		test_misfits,
	};

	return SUITE_RUN("script_run", tests, set_up, tear_down);
}
