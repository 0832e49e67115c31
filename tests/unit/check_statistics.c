/* SPDX-License-Identifier: MIT */
#include "compare/statistics.h"

#include "unit_suite.h"

#include <math.h>
#include <stdlib.h>

static struct sample samples[4] = {
	{ .of = { [METRIC_RATE] = 30, [METRIC_ERRORS] = 1 } },
	{ .of = { [METRIC_RATE] = 10, [METRIC_ERRORS] = 0 } },
	{ .of = { [METRIC_RATE] = 20, [METRIC_ERRORS] = 5 } },
	{ .of = { [METRIC_RATE] = 40, [METRIC_ERRORS] = 2 } },
};

START_TEST(test_median)
{
	ck_assert_double_eq(statistics_median(samples, 0, METRIC_RATE), 0);
	ck_assert_double_eq(statistics_median(samples, 1, METRIC_RATE), 30);
	ck_assert_double_eq(statistics_median(samples, 3, METRIC_RATE), 20);
	ck_assert_double_eq(statistics_median(samples, 4, METRIC_RATE), 25);
	ck_assert_double_eq(samples[0].of[METRIC_RATE], 30);
}
END_TEST

START_TEST(test_spread)
{
	ck_assert_double_eq(statistics_spread(samples, 0, METRIC_RATE), 0);
	ck_assert_double_eq(statistics_spread(samples, 1, METRIC_RATE), 0);
	ck_assert_double_eq(statistics_spread(samples, 3, METRIC_RATE), 50);
	ck_assert_double_eq(statistics_spread(samples, 2, METRIC_P50), 0);
}
END_TEST

START_TEST(test_sum_and_least)
{
	ck_assert_double_eq(statistics_sum(samples, 4, METRIC_ERRORS), 8);
	ck_assert_double_eq(statistics_least(samples, 4, METRIC_RATE), 10);
	ck_assert_double_eq(statistics_least(samples, 0, METRIC_RATE), 0);
}
END_TEST

START_TEST(test_every_metric_has_a_name)
{
	for (int m = 0; m < METRICS; m++)
		ck_assert_ptr_nonnull(metric_names[m]);
}
END_TEST

/* What is not known is in no median, spread or sum. */
START_TEST(test_unknown)
{
	static const struct sample some[] = {
		{ .of = { [METRIC_BALANCE] = NAN } },
		{ .of = { [METRIC_BALANCE] = 4 } },
		{ .of = { [METRIC_BALANCE] = 2 } },
	};

	ck_assert(isnan(statistics_median(some, 1, METRIC_BALANCE)));
	ck_assert_double_eq(statistics_median(some, 3, METRIC_BALANCE), 3);
	ck_assert_double_eq(statistics_sum(some, 3, METRIC_BALANCE), 6);
	ck_assert_double_eq(statistics_least(some, 3, METRIC_BALANCE), 2);
	ck_assert_double_eq_tol(statistics_spread(some, 3, METRIC_BALANCE), 100.0 / 3, 1e-9);
	ck_assert_double_eq(statistics_spread(some, 1, METRIC_BALANCE), 0);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_median,
		test_spread,
		test_sum_and_least,
		test_unknown,
		test_every_metric_has_a_name,
	};

	return SUITE_RUN("statistics", tests, NULL, NULL);
}
