/* SPDX-License-Identifier: MIT */
#include "compare/chance.h"

#include "unit_suite.h"

#include <stdlib.h>

START_TEST(test_the_same_seed_says_the_same)
{
	struct chance a = { 7 }, b = { 7 }, other = { 8 };
	unsigned alike = 0;

	for (int i = 0; i < 100; i++) {
		uint64_t n = chance_next(&a);

		ck_assert_uint_eq(n, chance_next(&b));
		alike += n == chance_next(&other);
	}
	ck_assert_uint_eq(alike, 0);
}
END_TEST

/* The first numbers of splitmix64 from seed 0, as its authors publish them. */
START_TEST(test_it_is_splitmix64)
{
	struct chance c = { 0 };

	ck_assert_uint_eq(chance_next(&c), 0xe220a8397b1dcdafU);
	ck_assert_uint_eq(chance_next(&c), 0x6e789e6aa1b965f4U);
}
END_TEST

START_TEST(test_numbers_below_are_even)
{
	struct chance c = { 1 };
	unsigned count[6] = { 0 };

	for (int i = 0; i < 6000; i++) {
		unsigned n = chance_below(&c, 6);

		ck_assert_uint_lt(n, 6);
		count[n]++;
	}
	for (int i = 0; i < 6; i++) {
		ck_assert_uint_gt(count[i], 850);
		ck_assert_uint_lt(count[i], 1150);
	}
	ck_assert_uint_eq(chance_below(&c, 1), 0);
}
END_TEST

/* All six orders of three come up, about as often, and nothing is lost. */
START_TEST(test_every_order_is_as_likely)
{
	struct chance c = { 3 };
	unsigned count[222] = { 0 };
	static const unsigned orders[] = { 12, 21, 102, 120, 201, 210 };

	for (int i = 0; i < 6000; i++) {
		unsigned n[3] = { 0, 1, 2 };

		chance_shuffle(&c, n, 3);
		ck_assert_uint_eq(1U << n[0] | 1U << n[1] | 1U << n[2], 7);
		count[100 * n[0] + 10 * n[1] + n[2]]++;
	}
	for (int i = 0; i < 6; i++) {
		ck_assert_uint_gt(count[orders[i]], 850);
		ck_assert_uint_lt(count[orders[i]], 1150);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_the_same_seed_says_the_same,
		test_it_is_splitmix64,
		test_numbers_below_are_even,
		test_every_order_is_as_likely,
	};

	return SUITE_RUN("chance", tests, NULL, NULL);
}
