/* SPDX-License-Identifier: MIT */
/* Loads of one exchange, in all the ways in which there are loads, and what came of them. */
#ifndef TESTS_UNIT_EXCHANGE_FIXTURE_H
#define TESTS_UNIT_EXCHANGE_FIXTURE_H

#include "compare/load/load.h"

#include "text_peers.h"
#include "unit_suite.h"

#include <stdlib.h>

static struct load_result r;
static struct load_options o;
static char why[256];

static inline void exchange_load(void)
{
	/* Longer, where a busy machine let one of them wait all the time. */
	do {
		ck_assert_msg(load_run(&o, &r, why, sizeof(why)) == 0, "%s", why);
		o.duration *= 4;
	} while (r.served < o.connections && !load_errors_sum(&r.errors) && o.duration < 5);
}

static inline void all_well(void)
{
	ck_assert_msg(!*r.wrong, "%s", r.wrong);
	ck_assert_uint_eq(load_errors_sum(&r.errors), 0);
	ck_assert_uint_eq(r.latency.count, r.requests);
	ck_assert_uint_eq(r.served, o.connections);
}

static inline void only(enum load_error kind, const char *wrong)
{
	ck_assert_uint_gt(r.errors.count[kind], 0);
	ck_assert_uint_eq(load_errors_sum(&r.errors), r.errors.count[kind]);
	ck_assert_str_eq(r.wrong, wrong);
}

/* Ways to have a right reply; those of a closed loop on kept connections are the tests' own. */
static const struct load_options exchange_ways[] = {
	{ .threads = 2 },
	{ .threads = 2, .pipeline = 7 },
	{ .threads = 2, .mode = LOAD_CLOSE },
	{ .per_connection = 3 },
	{ .think = 0.002 },
	{ .rate = 500 },
	{ .rate = 500, .arrivals = PACE_POISSON, .threads = 2 },
	{ .rate = 500, .mode = LOAD_CLOSE },
	{ .rate = 500, .per_connection = 3, .threads = 2 },
	{ .ramp = 0.01 },
};
enum { EXCHANGE_WAYS = sizeof(exchange_ways) / sizeof(*exchange_ways) };

static inline void exchange_choose(int i)
{
	const struct load_options *way = &exchange_ways[i];

	o.mode = way->mode;
	o.rate = way->rate;
	o.arrivals = way->arrivals;
	o.think = way->think;
	o.ramp = way->ramp;
	o.per_connection = way->per_connection;
	if (way->threads)
		o.threads = way->threads;
	if (way->pipeline)
		o.pipeline = way->pipeline;
}

static inline void exchange_chosen_well(void)
{
	all_well();
	ck_assert_uint_ge(r.answered, r.requests);
	if (o.rate > 0)
		ck_assert_uint_gt(r.arrived, 0);
	if (o.per_connection)
		ck_assert_uint_gt(r.requests, o.per_connection);
}

static void set_up(void)
{
	o = (struct load_options)LOAD_DEFAULTS;
	o.target = peer.target;
	o.connections = 4;
	o.duration = 0.05;
	o.warmup = 0.01;
	peer_directory();
}

static void tear_down(void)
{
	peer_end();
}

struct exchange_test {
	const TTest *test;
	int times; /* 0: once */
};

static inline int exchange_suite(const char *name, const struct exchange_test *tests, size_t count)
{
	TCase *all = suite_case(name, NULL, 0, set_up, tear_down);

	for (size_t i = 0; i < count; i++)
		tcase_add_loop_test(all, tests[i].test, 0, tests[i].times ? tests[i].times : 1);
	return suite_run(name, all);
}

#define EXCHANGE_SUITE(name, tests) exchange_suite(name, tests, sizeof(tests) / sizeof(*(tests)))

#endif
