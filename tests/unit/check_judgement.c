/* SPDX-License-Identifier: MIT */
#include "compare/judgement.h"

#include "tests/unit/comparison_fixture.h"
#include "tests/unit/unit_suite.h"

enum { ITERATIVE, POOL, AGAIN, EPOLL, ROUNDS = 8 };

static struct comparison c;

static void set_up(void)
{
	struct comparison_options options = made_options();

	made_comparison(&c, &options);
}

static void tear_down(void)
{
	cells_free(&c);
}

/* Eight rounds of a load in which the machine was as fast as it liked, and all contestants with it:
 * pool again by up to 2 % faster or slower, the others by a factor. */
static void measure(unsigned load, double epoll, double iterative)
{
	static const double machine[ROUNDS] = { 1, 0.7, 1.4, 1.1, 0.9, 1.2, 0.8, 1 };
	static const double again[ROUNDS] = { 1, 1.02, 0.98, 1, 1.02, 0.98, 1, 1 };

	for (unsigned r = 0; r < ROUNDS; r++) {
		double rate = 1000 * machine[r];

		made_sample(made_cell(&c, load, POOL), rate, 10);
		made_sample(made_cell(&c, load, AGAIN), rate * again[r], 10 / again[r]);
		made_sample(made_cell(&c, load, EPOLL), rate * epoll, 10 / epoll);
		made_sample(made_cell(&c, load, ITERATIVE), rate * iterative, 10 / iterative);
	}
}

static enum verdict verdict(unsigned load, unsigned contestant, enum metric m)
{
	return made_cell(&c, load, contestant)->verdict[m];
}

START_TEST(test_ratios_are_of_the_same_round)
{
	const struct interval *i = &made_cell(&c, 0, EPOLL)->ratio[METRIC_RATE];

	measure(0, 1.5, 0.5);
	judgement_make(&c);
	ck_assert_double_eq_tol(i->low, 1.5, 1e-9);
	ck_assert_double_eq_tol(i->high, 1.5, 1e-9);
	ck_assert_uint_eq(i->count, ROUNDS);
	ck_assert_double_eq(made_cell(&c, 0, EPOLL)->median[METRIC_RATE].median, 1500);
	ck_assert_double_gt(interval_width(&made_cell(&c, 0, EPOLL)->median[METRIC_RATE]), 0.2);
	ck_assert_uint_eq(made_cell(&c, 0, POOL)->ratio[METRIC_RATE].count, 0);
	ck_assert_uint_eq(made_cell(&c, 1, EPOLL)->ratio[METRIC_RATE].count, 0);
}
END_TEST

START_TEST(test_differences_have_their_direction)
{
	measure(0, 1.5, 0.5);
	judgement_make(&c);
	ck_assert_int_eq(verdict(0, EPOLL, METRIC_RATE), VERDICT_MORE);
	ck_assert_int_eq(verdict(0, EPOLL, METRIC_CPU), VERDICT_LESS);
	ck_assert_int_eq(verdict(0, ITERATIVE, METRIC_RATE), VERDICT_LESS);
	ck_assert_int_eq(verdict(0, ITERATIVE, METRIC_CPU), VERDICT_MORE);
	ck_assert_int_eq(verdict(0, POOL, METRIC_RATE), VERDICT_NONE);
}
END_TEST

START_TEST(test_the_twin_does_not_differ_and_says_what_is_noise)
{
	double noise;

	measure(0, 1.5, 0.5);
	judgement_make(&c);
	noise = comparison_noise(&c, 0, METRIC_RATE);
	ck_assert_int_eq(verdict(0, AGAIN, METRIC_RATE), VERDICT_SAME);
	ck_assert_double_gt(noise, 0.009);
	ck_assert_double_lt(noise, 0.04);
	ck_assert_double_eq(comparison_noise(&c, 1, METRIC_RATE), 0);
}
END_TEST

/* Where all rounds say 0.5 %, that is still less than the reference's own 2 %. */
START_TEST(test_what_is_within_the_noise_is_no_difference)
{
	measure(0, 1.005, 0.5);
	measure(1, 1.1, 0.5);
	judgement_make(&c);
	ck_assert_int_eq(verdict(0, EPOLL, METRIC_RATE), VERDICT_SAME);
	ck_assert_int_eq(verdict(1, EPOLL, METRIC_RATE), VERDICT_MORE);
}
END_TEST

/* The rounds that both have; a cell may have failed, or Ctrl-C come within a round. */
START_TEST(test_rounds_that_only_one_has_are_no_pairs)
{
	measure(0, 1.5, 0.5);
	made_cell(&c, 0, EPOLL)->count = 5;
	judgement_make(&c);
	ck_assert_uint_eq(made_cell(&c, 0, EPOLL)->ratio[METRIC_RATE].count, 5);
	made_cell(&c, 0, POOL)->count = 0;
	judgement_make(&c);
	ck_assert_int_eq(verdict(0, EPOLL, METRIC_RATE), VERDICT_NONE);
}
END_TEST

static void measure_evenly(unsigned load, unsigned rounds)
{
	for (unsigned r = 0; r < rounds; r++)
		for (unsigned i = 0; i < c.options.contestant_count; i++)
			made_sample(made_cell(&c, load, i), 1000 + r, 10);
}

START_TEST(test_narrow)
{
	measure(0, 1.5, 0.5);
	measure_evenly(1, COMPARISON_NARROW_LEAST - 1);
	ck_assert(!judgement_is_narrow(&c, 0));
	ck_assert(!judgement_is_narrow(&c, 1)); /* of so few, it may be by chance */
	measure_evenly(1, 1);
	ck_assert(judgement_is_narrow(&c, 1));
	made_cell(&c, 1, EPOLL)->samples[1].of[METRIC_CPU] = 20;
	ck_assert(!judgement_is_narrow(&c, 1));
	made_cell(&c, 1, EPOLL)->failure[0] = '!';
	ck_assert(judgement_is_narrow(&c, 1));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_ratios_are_of_the_same_round,
		test_differences_have_their_direction,
		test_the_twin_does_not_differ_and_says_what_is_noise,
		test_what_is_within_the_noise_is_no_difference,
		test_rounds_that_only_one_has_are_no_pairs,
		test_narrow,
	};

	return SUITE_RUN("judgement", tests, set_up, tear_down);
}
