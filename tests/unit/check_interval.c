/* SPDX-License-Identifier: MIT */
#include "compare/interval.h"

#include "compare/chance.h"
#include "compare/comparison.h"
#include "compare/statistics.h"

#include "unit_suite.h"

#include <math.h>
#include <stdlib.h>

enum { TRIALS = 120, ROUNDS = 20 };

static void assert_interval(struct interval i, double low, double middle, double high)
{
	ck_assert_double_eq_tol(i.low, low, 1e-3);
	ck_assert_double_eq_tol(i.median, middle, 1e-9);
	ck_assert_double_eq_tol(i.high, high, 1e-3);
}

START_TEST(test_nothing_is_known_of_none)
{
	struct interval i = interval_of(NULL, 0, INTERVAL_SEED);

	ck_assert_uint_eq(i.count, 0);
	assert_interval(i, 0, 0, 0);
}
END_TEST

START_TEST(test_a_constant_has_no_width)
{
	double constant[7] = { 5, 5, 5, 5, 5, 5, 5 };
	struct interval i = interval_of(constant, 7, INTERVAL_SEED);

	assert_interval(i, 5, 5, 5);
	ck_assert_uint_eq(i.count, 7);
	ck_assert_double_eq(interval_width(&i), 0);
	assert_interval(interval_of(constant, 1, INTERVAL_SEED), 5, 5, 5);
}
END_TEST

/* Of two values, a quarter of the draws has the one twice, a quarter the other, half both.  That is
 * widened by 12.706 / 1.96 (Student's t of one degree of freedom) and sqrt(2 / 1). */
START_TEST(test_two_values)
{
	double two[2] = { 1030, 1010 }, far[2] = { 30, 10 };

	assert_interval(interval_of(two, 2, INTERVAL_SEED), 1020 - 91.678, 1020, 1020 + 91.678);
	assert_interval(interval_of(far, 2, INTERVAL_SEED), 0, 20, 20 + 91.678);
	ck_assert_double_eq(two[0], 1030);
}
END_TEST

/* Of seven values, the median of a draw is the least one if that was drawn at least four times:
 * 35 (1/7)^4 (6/7)^3 + ... = 1.0 % of all, less than 2.5 %; at most the second: 9.8 %, more.  That
 * is widened by 2.447 / 1.96 and sqrt(7 / 6), which is less far than the least and the greatest. */
START_TEST(test_seven_values)
{
	double seven[7] = { 17, 11, 15, 13, 12, 16, 14 }, wider = 2.447 / 1.96 * sqrt(7 / 6.0);

	ck_assert_double_lt(2 * wider, 3);
	assert_interval(interval_of(seven, 7, INTERVAL_SEED), 11, 14, 17);
	seven[0] = 16;
	seven[1] = 12;
	assert_interval(interval_of(seven, 7, INTERVAL_SEED), 14 - 2 * wider, 14, 14 + 2 * wider);
}
END_TEST

/* Three of thirteen coins, or fewer, are heads in 4.6 % of all cases, two or fewer in 1.1 %: so the
 * third from either end holds the median with 95 %, the fourth not.  What is drawn, from the fourth
 * on, knows nothing of these. */
START_TEST(test_ranks)
{
	double values[13] = { 1, 2, 3, 10, 10, 10, 10, 10, 10, 10, 14, 15, 16 };

	assert_interval(interval_of(values, 13, INTERVAL_SEED), 3, 10, 14);
}
END_TEST

/* The median of three is drawn as the least, or the greatest, in 7 of 27 cases. */
START_TEST(test_three_values_reach_as_far_to_both_sides)
{
	double three[3] = { 1000, 1010, 1011 }, wider = 4.303 / 1.96 * sqrt(1.5);

	assert_interval(interval_of(three, 3, INTERVAL_SEED), 1010 - 10 * wider, 1010,
			1010 + 10 * wider);
}
END_TEST

START_TEST(test_what_is_not_known_is_left_out)
{
	double some[3] = { NAN, 4, 4 };

	assert_interval(interval_of(some, 3, INTERVAL_SEED), 4, 4, 4);
	ck_assert_uint_eq(interval_of(some, 3, INTERVAL_SEED).count, 2);
	ck_assert_uint_eq(interval_of(some, 1, INTERVAL_SEED).count, 0);
}
END_TEST

START_TEST(test_only_so_many_are_looked_at)
{
	double many[STATISTICS_MAX + 1];

	for (unsigned i = 0; i < STATISTICS_MAX; i++)
		many[i] = 1;
	many[STATISTICS_MAX] = 1000;
	ck_assert_uint_eq(interval_of(many, STATISTICS_MAX + 1, 1).count, STATISTICS_MAX);
}
END_TEST

START_TEST(test_the_seed_decides)
{
	double values[20];

	for (int i = 0; i < 20; i++)
		values[i] = i * i;
	for (uint64_t seed = 0; seed < 5; seed++) {
		struct interval once = interval_of(values, 20, seed);
		struct interval again = interval_of(values, 20, seed);

		assert_interval(again, once.low, once.median, once.high);
	}
}
END_TEST

/* Each round was twice as fast as its pair, however much the rounds differ. */
START_TEST(test_pairs_take_out_what_rounds_share)
{
	double base[4] = { 10, 50, 20, 90 }, values[4] = { 20, 100, 40, 180 };

	assert_interval(interval_ratio(values, base, 4, INTERVAL_SEED), 2, 2, 2);
	ck_assert_double_gt(interval_of(values, 4, INTERVAL_SEED).high, 100);
}
END_TEST

START_TEST(test_a_base_of_nothing_has_no_ratio)
{
	double base[3] = { 0, 2, 4 }, values[3] = { 9, 2, 4 }, none[2] = { 0, 0 };

	assert_interval(interval_ratio(values, base, 3, INTERVAL_SEED), 1, 1, 1);
	ck_assert_uint_eq(interval_ratio(values, base, 3, INTERVAL_SEED).count, 2);
	ck_assert_uint_eq(interval_ratio(values, none, 2, INTERVAL_SEED).count, 0);
	ck_assert_uint_eq(interval_of_medians(values, 3, base, 3, INTERVAL_SEED).count, 0);
}
END_TEST

START_TEST(test_of_medians)
{
	double three[3] = { 30, 30, 30 }, ten[2] = { 10, 10 }, two[2] = { 10, 30 };

	assert_interval(interval_of_medians(three, 3, ten, 2, INTERVAL_SEED), 3, 3, 3);
	assert_interval(interval_of_medians(two, 2, ten, 2, INTERVAL_SEED), 0, 2, 2 + 9.1678);
	ck_assert_uint_eq(interval_of_medians(three, 3, ten, 2, INTERVAL_SEED).count, 2);
	ck_assert_uint_eq(interval_of_medians(three, 3, ten, 0, INTERVAL_SEED).count, 0);
}
END_TEST

/* Roughly normal: the sum of twelve even ones, less six. */
static double normal(struct chance *c)
{
	double sum = -6;

	for (int i = 0; i < 12; i++)
		sum += (double)chance_next(c) / 0x1p64;
	return sum;
}

/* Ways of having a median of 0: normal; one in five far off; further up than down. */
static double even_noise(struct chance *c)
{
	return normal(c);
}

static double tails(struct chance *c)
{
	return normal(c) * (chance_below(c, 5) ? 1 : 8);
}

static double lopsided(struct chance *c)
{
	return exp(normal(c)) - 1;
}

static double (*const noises[])(struct chance *c) = { even_noise, tails, lopsided };

enum { NOISES = sizeof(noises) / sizeof(*noises) };

static unsigned held(double (*noise)(struct chance *c), unsigned rounds)
{
	struct chance chance = { 11 };
	unsigned count = 0;

	for (unsigned t = 0; t < TRIALS; t++) {
		double values[ROUNDS];
		struct interval i;

		for (unsigned r = 0; r < rounds; r++)
			values[r] = 100 + noise(&chance);
		i = interval_of(values, rounds, t);
		count += i.low <= 100 && i.high >= 100;
	}
	return count;
}

/* 95 of 100 intervals hold the true median, of few rounds as of many: all together, and each number
 * of rounds but for what chance makes of its trials.  The numbers are the same each time. */
START_TEST(test_coverage)
{
	static const unsigned rounds[] = { 3, 4, 7, 13 };
	unsigned all = 0;

	for (unsigned i = 0; i < 4; i++) {
		unsigned count = 0;

		for (unsigned j = 0; j < NOISES; j++)
			count += held(noises[j], rounds[i]);
		ck_assert_uint_ge(count, NOISES * TRIALS * 94 / 100);
		ck_assert_uint_lt(count, NOISES * TRIALS);
		all += count;
	}
	ck_assert_uint_ge(all, 4 * NOISES * TRIALS * 95 / 100);
}
END_TEST

/* A round more until the interval is narrow, as a comparison does: those that were narrow by chance
 * ended it. */
static bool held_at_the_end(struct chance *chance, double (*noise)(struct chance *c))
{
	double values[ROUNDS];
	struct interval i = { 0 };
	unsigned n = 0;

	do {
		values[n++] = 1 + 0.02 * noise(chance);
		if (n >= COMPARISON_NARROW_LEAST)
			i = interval_of(values, n, INTERVAL_SEED);
	} while (n < COMPARISON_NARROW_LEAST || (n < ROUNDS && interval_width(&i) > 0.05));
	return i.low <= 1 && i.high >= 1;
}

START_TEST(test_coverage_where_narrowness_ends_it)
{
	struct chance chance = { 12 };
	unsigned count = 0;

	for (unsigned t = 0; t < NOISES * TRIALS; t++)
		count += held_at_the_end(&chance, noises[t % NOISES]);
	ck_assert_uint_ge(count, NOISES * TRIALS * 95 / 100);
}
END_TEST

static enum verdict verdict(double low, double middle, double high, double noise)
{
	struct interval i = { middle, low, high, 6 };

	return interval_verdict(&i, noise, 0.05);
}

START_TEST(test_verdicts)
{
	struct interval none = { 0 }, single = { 2, 2, 2, 1 };

	ck_assert_int_eq(interval_verdict(&none, 0, 0.05), VERDICT_NONE);
	ck_assert_int_eq(interval_verdict(&single, 0, 0.05), VERDICT_UNKNOWN);
	ck_assert_int_eq(verdict(1.02, 1.06, 1.10, 0.03), VERDICT_MORE);
	ck_assert_int_eq(verdict(0.90, 0.94, 0.98, 0.03), VERDICT_LESS);
	ck_assert_int_eq(verdict(0.97, 1.00, 1.04, 0.00), VERDICT_SAME);
	ck_assert_int_eq(verdict(0.92, 1.00, 1.08, 0.10), VERDICT_SAME); /* within the noise */
	ck_assert_int_eq(verdict(1.02, 1.06, 1.10, 0.07), VERDICT_SAME); /* likewise */
	ck_assert_int_eq(verdict(0.80, 1.00, 1.30, 0.07), VERDICT_UNKNOWN);
	ck_assert_int_eq(verdict(0.60, 1.00, 1.30, 0.50), VERDICT_UNKNOWN); /* whatever the noise */
	ck_assert_int_eq(verdict(0.60, 0.70, 0.90, 0.50), VERDICT_UNKNOWN);
	ck_assert_int_eq(verdict(0.80, 0.82, 0.84, 0.00), VERDICT_LESS);
}
END_TEST

START_TEST(test_verdicts_on_itself)
{
	struct interval same = { 1.01, 0.9, 1.1, 6 }, apart = { 1.02, 1.01, 1.03, 6 };
	struct interval wide = { 1.01, 0.6, 1.7, 3 }, none = { 0 };

	ck_assert_int_eq(interval_verdict_on_itself(&same), VERDICT_SAME);
	ck_assert_int_eq(interval_verdict_on_itself(&apart), VERDICT_MORE);
	ck_assert_int_eq(interval_verdict_on_itself(&wide), VERDICT_UNKNOWN);
	ck_assert_int_eq(interval_verdict_on_itself(&none), VERDICT_NONE);
}
END_TEST

START_TEST(test_reach)
{
	ck_assert_double_eq_tol(interval_reach(&(struct interval) { 1, 0.98, 1.05, 3 }), 0.05,
				1e-9);
	ck_assert_double_eq_tol(interval_reach(&(struct interval) { 1, 0.92, 1.05, 3 }), 0.08,
				1e-9);
	ck_assert_double_eq(interval_reach(&(struct interval) { 0 }), 0);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_nothing_is_known_of_none,
		test_a_constant_has_no_width,
		test_two_values,
		test_seven_values,
		test_ranks,
		test_three_values_reach_as_far_to_both_sides,
		test_what_is_not_known_is_left_out,
		test_only_so_many_are_looked_at,
		test_the_seed_decides,
		test_pairs_take_out_what_rounds_share,
		test_a_base_of_nothing_has_no_ratio,
		test_of_medians,
		test_coverage,
		test_coverage_where_narrowness_ends_it,
		test_verdicts,
		test_verdicts_on_itself,
		test_reach,
	};

	return SUITE_RUN("interval", tests, NULL, NULL);
}
