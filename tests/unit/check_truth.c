/* SPDX-License-Identifier: MIT */
/*
 * Whatever a server does wrong, in whichever exchange, is told as what it is, and what was right
 * is counted all the same.  A server that dies ends nothing but its replies.
 */
#include "compare/load/bytes.h"
#include "compare/load/http.h"
#include "compare/load/load.h"
#include "compare/load/script.h"

#include "unit_suite.h"
#include "wrong_peers.h"

#include <stdlib.h>
#include <time.h>

static struct load_result r;
static struct load_options o;
static struct script script;
static struct bytes bytes;
static struct http http;
static char why[256];

static void choose_echo(void)
{
}

static void choose_script(void)
{
	ck_assert_int_eq(script_parse(&script, "x", "send \"x\\n\"\nexpect \"200 fine\"\n", why,
				      sizeof(why)),
			 0);
	o.script = &script;
}

static void choose_bytes(void)
{
	ck_assert_int_eq(bytes_read(&bytes, "x\\n", "exact:hello\\n", why, sizeof(why)), 0);
	o.bytes = &bytes;
}

static void choose_http(void)
{
	const struct http_wish wish = { .path = "/" };

	ck_assert_int_eq(http_read(&http, &wish, NULL, why, sizeof(why)), 0);
	o.http = &http;
}

/* What a fault is told as.  What is dropped of a stream is waited for, of datagrams asked again. */
static const struct {
	void (*choose)(void);
	const char *reply;
	int lines;
	bool datagrams;
	enum load_error told[FAULTS];
} exchanges[] = {
	{ choose_echo, NULL, 0, false, { LOAD_TIMEOUT, LOAD_WRONG, LOAD_TRUNCATED, LOAD_WRONG } },
	{ choose_script,
	  "200 fine\r\n",
	  1,
	  false,
	  { LOAD_TIMEOUT, LOAD_WRONG, LOAD_TRUNCATED, LOAD_WRONG } },
	{ choose_bytes,
	  "hello\n",
	  1,
	  false,
	  { LOAD_TIMEOUT, LOAD_WRONG, LOAD_TRUNCATED, LOAD_WRONG } },
	{ choose_http,
	  "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
	  3,
	  false,
	  { LOAD_TIMEOUT, LOAD_WRONG, LOAD_TRUNCATED, LOAD_WRONG } },
	{ choose_echo, NULL, 0, true, { LOAD_LOST, LOAD_WRONG, LOAD_TRUNCATED, LOAD_WRONG } },
};
enum { ECHO, SCRIPT, BYTES, HTTP, DATAGRAMS, EXCHANGES };

static void load(void)
{
	ck_assert_msg(load_run(&o, &r, why, sizeof(why)) == 0, "%s", why);
}

static void run(int exchange, enum fault fault)
{
	time_t began = time(NULL);
	int type = exchanges[exchange].datagrams ? SOCK_DGRAM : SOCK_STREAM;

	wrong.fault = fault;
	wrong.reply = exchanges[exchange].reply;
	wrong.lines = exchanges[exchange].lines;
	wrong_peer_start(peer_inet(type, AF_INET), exchanges[exchange].datagrams);
	exchanges[exchange].choose();
	load();
	ck_assert_int_le(time(NULL) - began, 5);
}

static void told_as_it_is(int exchange, int fault)
{
	enum load_error told = exchanges[exchange].told[fault];

	if (fault == FAULT_DROP)
		o.duration = 0.4;
	if (fault == FAULT_DROP && !exchanges[exchange].datagrams)
		o.timeout = 0.1;
	run(exchange, (enum fault)fault);
	for (; !r.errors.count[told] && o.duration < 5;
	     load()) /* a busy machine did not get there */
		o.duration *= 4;
	ck_assert_uint_gt(r.answered, 0);
	ck_assert_msg(r.errors.count[told] > 0, "no %s in exchange %d", load_error_names[told],
		      exchange);
	/* Of datagrams that come twice, and of what is asked again on a busy machine, the rest. */
	ck_assert_uint_eq(load_errors_sum(&r.errors),
			  r.errors.count[told] +
				  (told == LOAD_LOST ? 0 : r.errors.count[LOAD_LOST]));
}

START_TEST(test_faults)
{
	told_as_it_is(_i / FAULT_DIE, _i % FAULT_DIE);
}
END_TEST

static const int open_loops[] = { ECHO, BYTES, HTTP, DATAGRAMS };
enum { OPEN_LOOPS = sizeof(open_loops) / sizeof(*open_loops) };

START_TEST(test_faults_in_an_open_loop)
{
	o.rate = 200;
	o.arrivals = PACE_POISSON;
	o.threads = 2;
	told_as_it_is(open_loops[_i / FAULT_DIE], _i % FAULT_DIE);
}
END_TEST

/* What is wrong among several replies.  A server that ends with requests unread resets them all. */
static const struct {
	int exchange, fault;
} pipelined[] = {
	{ ECHO, FAULT_TWICE },  { BYTES, FAULT_TWICE },  { HTTP, FAULT_TWICE },
	{ ECHO, FAULT_CHANGE }, { BYTES, FAULT_CHANGE }, { HTTP, FAULT_CHANGE },
	{ BYTES, FAULT_DROP },  { HTTP, FAULT_DROP },
};
enum { PIPELINED = sizeof(pipelined) / sizeof(*pipelined) };

START_TEST(test_faults_in_a_pipeline)
{
	o.pipeline = 3;
	told_as_it_is(pipelined[_i].exchange, pipelined[_i].fault);
}
END_TEST

/* Its connections break, and there are no others. */
START_TEST(test_death)
{
	o.duration = 0.4;
	o.timeout = 0.2;
	run(_i, FAULT_DIE);
	ck_assert_uint_gt(r.answered, 0);
	ck_assert_uint_gt(load_errors_sum(&r.errors), 0);
	ck_assert_uint_eq(load_errors_wrong(&r.errors), 0);
	if (!exchanges[_i].datagrams)
		ck_assert_uint_gt(r.errors.count[LOAD_REFUSED], 0);
	ck_assert_double_lt(r.seconds, 1);
}
END_TEST

static void set_up(void)
{
	o = (struct load_options)LOAD_DEFAULTS;
	o.target = peer.target;
	o.connections = 2;
	o.duration = 0.1;
	o.warmup = 0.02;
	peer_directory();
}

static void tear_down(void)
{
	script_free(&script);
	bytes_free(&bytes);
	http_free(&http);
	peer_end();
}

int main(void)
{
	TCase *cases = suite_case("truth", NULL, 0, set_up, tear_down);

	tcase_add_loop_test(cases, test_faults, 0, EXCHANGES * FAULT_DIE);
	tcase_add_loop_test(cases, test_faults_in_an_open_loop, 0, OPEN_LOOPS * FAULT_DIE);
	tcase_add_loop_test(cases, test_faults_in_a_pipeline, 0, PIPELINED);
	tcase_add_loop_test(cases, test_death, 0, EXCHANGES);
	return suite_run("truth", cases);
}
