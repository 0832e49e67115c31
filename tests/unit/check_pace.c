/* SPDX-License-Identifier: MIT */
#include "compare/load/pace.h"

#include "unit_suite.h"

#include <math.h>
#include <stdlib.h>

static const int64_t START = 1000;
static struct pace p;

/* Not even a rate whose gap is no whole number of nanoseconds drifts. */
START_TEST(test_constant_is_exact)
{
	pace_begin(&p, PACE_CONSTANT, 30000, 0, 1, START);
	for (int64_t i = 0; i < 3000000; i++) {
		int64_t exact = START + i * 100000 / 3;

		if (llabs(p.at - exact) > 1)
			ck_abort_msg("arrival %ld is at %ld, not %ld", (long)i, (long)p.at,
				     (long)exact);
		pace_advance(&p);
	}
	ck_assert_uint_eq(p.number, 3000000);
}
END_TEST

START_TEST(test_parts_keep_one_constant_schedule)
{
	struct pace parts[3];

	pace_begin(&p, PACE_CONSTANT, 7, 0, 1, START);
	for (unsigned i = 0; i < 3; i++)
		pace_begin(&parts[i], PACE_CONSTANT, 7, i, 3, START);
	for (unsigned i = 0; i < 1000; i++) {
		ck_assert_int_eq(parts[i % 3].at, p.at);
		pace_advance(&parts[i % 3]);
		pace_advance(&p);
	}
}
END_TEST

START_TEST(test_due)
{
	pace_begin(&p, PACE_CONSTANT, 1000, 0, 1, START);
	ck_assert_uint_eq(pace_due(&p, START), 0);
	ck_assert_uint_eq(pace_due(&p, START + 1), 1);
	ck_assert_uint_eq(pace_due(&p, START + 1000000), 1);
	ck_assert_uint_eq(pace_due(&p, START + 1000000000), 1000);
	pace_advance(&p);
	ck_assert_uint_eq(pace_due(&p, START + 1000000000), 999);
	ck_assert_int_eq(p.at, START + 1000000);
}
END_TEST

/* Exponential gaps: as much spread as mean, and one in e is longer than the mean. */
static void assert_exponential(double mean_ns)
{
	enum { GAPS = 200000 };
	double sum = 0, squares = 0, longer = 0, longest = 0;
	int backwards = 0;

	for (int i = 0; i < GAPS; i++) {
		int64_t before = p.at;
		double gap;

		pace_advance(&p);
		gap = (double)(p.at - before);
		longest = gap > longest ? gap : longest;
		backwards += gap < 0;
		sum += gap;
		squares += gap * gap;
		longer += gap > mean_ns;
	}
	ck_assert_int_eq(backwards, 0);
	ck_assert_double_gt(longest, 8 * mean_ns);
	ck_assert_double_eq_tol(sum / GAPS, mean_ns, 0.01 * mean_ns);
	ck_assert_double_eq_tol(sqrt(squares / GAPS - pow(sum / GAPS, 2)), mean_ns, 0.02 * mean_ns);
	ck_assert_double_eq_tol(longer / GAPS, exp(-1), 0.01);
}

START_TEST(test_poisson)
{
	pace_begin(&p, PACE_POISSON, 5000, 0, 1, START);
	ck_assert_int_gt(p.at, START);
	assert_exponential(200000);
}
END_TEST

START_TEST(test_poisson_in_parts)
{
	for (unsigned i = 0; i < 4; i++) {
		pace_begin(&p, PACE_POISSON, 5000, i, 4, START);
		assert_exponential(800000);
	}
}
END_TEST

START_TEST(test_poisson_is_the_same_again)
{
	struct pace q;

	pace_begin(&p, PACE_POISSON, 5000, 1, 2, 0);
	pace_begin(&q, PACE_POISSON, 5000, 1, 2, START);
	for (int i = 0; i < 1000; i++, pace_advance(&p), pace_advance(&q))
		ck_assert_int_eq(p.at + START, q.at);
	pace_begin(&q, PACE_POISSON, 5000, 0, 2, 0);
	pace_begin(&p, PACE_POISSON, 5000, 1, 2, 0);
	ck_assert_int_ne(p.at, q.at);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_constant_is_exact,
		test_parts_keep_one_constant_schedule,
		test_due,
		test_poisson,
		test_poisson_in_parts,
		test_poisson_is_the_same_again,
	};

	return SUITE_RUN("pace", tests, NULL, NULL);
}
