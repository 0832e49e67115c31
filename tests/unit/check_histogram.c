/* SPDX-License-Identifier: MIT */
#include "compare/load/histogram.h"

#include "unit_suite.h"

#include <stdlib.h>

static struct histogram h, other;

static void check_near(uint64_t got, uint64_t want)
{
	uint64_t off = got > want ? got - want : want - got;

	ck_assert_msg(off * 200 <= want, "%llu is more than 0.5 %% off %llu",
		      (unsigned long long)got, (unsigned long long)want);
}

START_TEST(test_empty)
{
	ck_assert_uint_eq(histogram_percentile(&h, 50), 0);
	ck_assert_uint_eq(histogram_percentile(&h, 100), 0);
	ck_assert_double_eq(histogram_mean(&h), 0);
}
END_TEST

START_TEST(test_one_value_of_each_size)
{
	for (uint64_t v = 1; v < UINT64_C(1) << 41; v = v * 9 / 8 + 1) {
		struct histogram one = { .count = 0 };

		histogram_add(&one, v);
		histogram_add(&one, UINT64_MAX);
		check_near(histogram_percentile(&one, 50), v);
		ck_assert_uint_eq(histogram_percentile(&one, 100), UINT64_MAX);
	}
}
END_TEST

START_TEST(test_small_values_are_exact)
{
	for (uint64_t v = 0; v < 128; v++)
		histogram_add(&h, v);
	ck_assert_uint_eq(histogram_percentile(&h, 0), 0);
	ck_assert_uint_eq(histogram_percentile(&h, 50), 63);
	ck_assert_uint_eq(histogram_percentile(&h, 75), 95);
	ck_assert_uint_eq(histogram_percentile(&h, 100), 127);
	ck_assert_double_eq_tol(histogram_mean(&h), 63.5, 1e-9);
}
END_TEST

START_TEST(test_percentiles)
{
	for (uint64_t v = 1; v <= 100000; v++)
		histogram_add(&h, v * 1000);
	check_near(histogram_percentile(&h, 50), 50000000);
	check_near(histogram_percentile(&h, 99), 99000000);
	check_near(histogram_percentile(&h, 99.9), 99900000);
	ck_assert_uint_eq(histogram_percentile(&h, 100), 100000000);
}
END_TEST

/* One slow request among a thousand must show at 99.9 and above only. */
START_TEST(test_tail)
{
	for (int i = 0; i < 999; i++)
		histogram_add(&h, 1000);
	histogram_add(&h, 5000000000);
	check_near(histogram_percentile(&h, 99.9), 1000);
	ck_assert_uint_eq(histogram_percentile(&h, 99.95), 5000000000);
}
END_TEST

START_TEST(test_beyond_the_range)
{
	histogram_add(&h, UINT64_C(1) << 50);
	histogram_add(&h, UINT64_C(1) << 60);
	ck_assert_uint_eq(histogram_percentile(&h, 100), UINT64_C(1) << 60);
	ck_assert_uint_ge(histogram_percentile(&h, 50), UINT64_C(1) << 40);
}
END_TEST

START_TEST(test_merge_is_adding)
{
	struct histogram all = { .count = 0 };

	for (uint64_t v = 1; v <= 5000; v++) {
		histogram_add(v % 3 ? &h : &other, v * v);
		histogram_add(&all, v * v);
	}
	histogram_merge(&h, &other);
	ck_assert_mem_eq(&h, &all, sizeof(h));
}
END_TEST

/* Each value lies in a bucket whose bounds are less than 1 % apart. */
START_TEST(test_buckets_are_narrow)
{
	for (uint64_t v = 1; v < UINT64_C(1) << 41; v = v * 9 / 8 + 1) {
		struct histogram one = { .count = 0 };
		struct histogram_bucket b;
		size_t at = 0;

		histogram_add(&one, v);
		ck_assert(histogram_next(&one, &at, &b));
		ck_assert_uint_ge(b.upper, v);
		ck_assert_uint_le((b.upper - v) * 100, v);
		ck_assert_uint_eq(b.count, 1);
		ck_assert(!histogram_next(&one, &at, &b));
	}
}
END_TEST

START_TEST(test_buckets_hold_all)
{
	struct histogram_bucket b = { 0 };
	uint64_t sum = 0, last = 0;
	size_t at = 0;

	ck_assert(!histogram_next(&h, &at, &b));
	for (uint64_t v = 0; v < 3000; v++)
		histogram_add(&h, v * v);
	histogram_add(&h, UINT64_MAX);
	for (at = 0; histogram_next(&h, &at, &b); last = b.upper) {
		ck_assert(!sum || b.upper > last);
		ck_assert_uint_gt(b.count, 0);
		sum += b.count;
	}
	ck_assert_uint_eq(sum, 3001);
	ck_assert_uint_eq(last, (UINT64_C(1) << 41) - 1);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_empty,
		test_one_value_of_each_size,
		test_small_values_are_exact,
		test_percentiles,
		test_tail,
		test_beyond_the_range,
		test_merge_is_adding,
		test_buckets_are_narrow,
		test_buckets_hold_all,
	};

	return SUITE_RUN("histogram", tests, NULL, NULL);
}
