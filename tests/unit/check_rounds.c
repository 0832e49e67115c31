/* SPDX-License-Identifier: MIT */
#include "compare/rounds.h"

#include "tests/unit/comparison_fixture.h"
#include "tests/unit/unit_suite.h"

enum { CONTESTANTS = 4, LOADS = 2, CELLS = CONTESTANTS * LOADS, VISITS = 400 };

static struct comparison c;
static struct comparison_options options;
static struct rounds rounds;
static unsigned visited[VISITS], count;
static double now, seconds[LOADS];

static void set_up(void)
{
	options = made_options();
	now = 1000;
	seconds[0] = seconds[1] = 1;
	count = 0;
}

static void tear_down(void)
{
	rounds_end(&rounds);
	cells_free(&c);
}

static void begin(void)
{
	made_comparison(&c, &options);
	ck_assert_int_eq(rounds_begin(&rounds, &c, now), 0);
}

/* Visits cells of so many seconds (1) until it is enough; those of a load are as far apart as its
 * wobble. */
static void run(const double wobble[LOADS])
{
	int cell;

	while ((cell = rounds_next(&rounds, now)) >= 0) {
		struct cell *at = &c.cells[cell];
		double apart = at->count % 2 ? wobble[cell / CONTESTANTS] : 0;

		ck_assert_uint_lt(count, VISITS);
		visited[count++] = (unsigned)cell;
		made_sample(at, 1000 * (1 + apart), 10);
		now += seconds[cell / CONTESTANTS];
	}
}

static const double even[LOADS] = { 0, 0 }, noisy[LOADS] = { 1, 1 }, half[LOADS] = { 0, 1 };

START_TEST(test_as_many_rounds_as_asked_for)
{
	options.rounds = 5;
	options.budget = 1;
	begin();
	run(noisy);
	ck_assert_uint_eq(count, 5 * CELLS);
	for (unsigned i = 0; i < CELLS; i++)
		ck_assert_uint_eq(c.cells[i].count, 5);
}
END_TEST

/* Loads take turns, and each contestant comes once in its load. */
START_TEST(test_a_round_visits_all_of_a_load)
{
	options.rounds = 4;
	begin();
	run(noisy);
	for (unsigned i = 0; i < count; i += CONTESTANTS) {
		unsigned seen = 0;

		for (unsigned j = i; j < i + CONTESTANTS; j++) {
			ck_assert_uint_eq(visited[j] / CONTESTANTS, visited[i] / CONTESTANTS);
			seen |= 1U << visited[j] % CONTESTANTS;
		}
		ck_assert_uint_eq(seen, (1U << CONTESTANTS) - 1);
	}
}
END_TEST

START_TEST(test_the_seed_decides_the_order)
{
	unsigned first[VISITS], orders = 0;

	options.rounds = 20;
	begin();
	run(noisy);
	memcpy(first, visited, sizeof(first));
	for (unsigned i = CELLS; i < count; i += CELLS)
		orders += memcmp(&first[i], first, CONTESTANTS * sizeof(*first)) != 0;
	ck_assert_uint_gt(orders, 5);
	for (unsigned seed = 1; seed <= 2; seed++) {
		tear_down();
		set_up();
		options.rounds = 20;
		options.seed = seed;
		begin();
		run(noisy);
		ck_assert_int_eq(!memcmp(first, visited, sizeof(first)), seed == 1);
	}
}
END_TEST

START_TEST(test_five_rounds_where_nothing_differs)
{
	begin();
	run(even);
	ck_assert_uint_eq(count, COMPARISON_NARROW_LEAST * CELLS);
}
END_TEST

START_TEST(test_on_until_the_budget_is_spent)
{
	begin();
	run(noisy);
	ck_assert_uint_eq(count, 100);
	ck_assert_double_le(now - 1000, options.budget);
}
END_TEST

START_TEST(test_three_rounds_whatever_the_budget)
{
	options.budget = 1;
	begin();
	run(noisy);
	ck_assert_uint_eq(count, 3 * CELLS);
}
END_TEST

/* The first round shows that a visit takes 4 s, not 1.2 s: of the third one would even a half end
 * after 80 s. */
START_TEST(test_no_round_that_would_end_beyond_the_limit)
{
	options.budget = 60;
	options.limit = 79;
	seconds[0] = seconds[1] = 4;
	begin();
	run(noisy);
	ck_assert_uint_eq(count, 2 * CELLS);
	ck_assert_double_le(now - 1000, options.limit);
}
END_TEST

START_TEST(test_the_first_round_whatever_the_limit)
{
	options.budget = options.limit = 1;
	begin();
	run(noisy);
	ck_assert_uint_eq(count, CELLS);
}
END_TEST

/* After a round, 36 s, one more of the cheap load and then of the dear one would end after 72 s; of
 * the cheap one alone after 40 s, again after 44 s, and that is all within the limit of three. */
START_TEST(test_the_limit_knows_what_each_load_takes)
{
	options.budget = 50;
	options.limit = 60;
	seconds[1] = 8;
	begin();
	run(noisy);
	ck_assert_uint_eq(c.cells[CONTESTANTS].count, 1);
	ck_assert_uint_eq(c.cells[0].count, 4);
	ck_assert_double_le(now - 1000, options.budget);
}
END_TEST

/* A share of a second for each cell and its twin: 4 x 2 x (1 + 0.2), without the twin there. */
START_TEST(test_shares)
{
	double needs[3] = { rounds_need(&options), 9.6, 19.2 };

	ck_assert_double_eq_tol(needs[0], 4 * LOADS * 1.2, 1e-9);
	ck_assert_double_eq_tol(rounds_share(40, needs, 3), 10, 1e-9);
	ck_assert_double_eq_tol(rounds_share(40, needs + 1, 2), 40 / 3.0, 1e-9);
	ck_assert_double_eq_tol(rounds_share(40, needs + 2, 1), 40, 1e-9);
	ck_assert_double_eq(rounds_share(-1, needs, 3), 0);
	options.duration = 0;
	ck_assert_double_eq_tol(rounds_need(&options), 4 * LOADS * 0.5, 1e-9);
}
END_TEST

/* A load is left out as a whole, so that its rounds stay pairs. */
START_TEST(test_a_narrow_load_is_left_out)
{
	begin();
	run(half);
	for (unsigned i = 0; i < CONTESTANTS; i++) {
		ck_assert_uint_eq(c.cells[i].count, COMPARISON_NARROW_LEAST);
		ck_assert_uint_eq(c.cells[CONTESTANTS + i].count,
				  100 / CONTESTANTS - COMPARISON_NARROW_LEAST);
	}
}
END_TEST

START_TEST(test_what_failed_is_left_out)
{
	options.rounds = 3;
	begin();
	ck_assert_int_ge(rounds_next(&rounds, now), 0);
	for (unsigned i = 0; i < CELLS; i++)
		if (i != 6)
			c.cells[i].failure[0] = '!';
	for (unsigned i = 0; i < 3; i++)
		ck_assert_int_eq(rounds_next(&rounds, now), 6);
	ck_assert_int_eq(rounds_next(&rounds, now), -1);
}
END_TEST

START_TEST(test_all_failed)
{
	begin();
	for (unsigned i = 0; i < CELLS; i++)
		c.cells[i].failure[0] = '!';
	ck_assert_int_eq(rounds_next(&rounds, now), -1);
}
END_TEST

START_TEST(test_time_left)
{
	options.rounds = 3;
	begin();
	ck_assert_int_ge(rounds_next(&rounds, now), 0);
	ck_assert_double_eq_tol(rounds_left(&rounds, now), 24 * 1.2, 1e-9); /* as planned */
	now += 3;
	ck_assert_int_ge(rounds_next(&rounds, now), 0);
	ck_assert_double_eq_tol(rounds_left(&rounds, now), 23 * 3, 1e-9); /* as it was */
}
END_TEST

START_TEST(test_time_left_is_the_budget)
{
	begin();
	ck_assert_int_ge(rounds_next(&rounds, now), 0);
	ck_assert_double_eq_tol(rounds_left(&rounds, now), 100, 1e-9);
	now += 30;
	ck_assert_int_ge(rounds_next(&rounds, now), 0);
	ck_assert_double_eq_tol(rounds_left(&rounds, now), 23 * 30, 1e-9); /* three rounds */
}
END_TEST

START_TEST(test_time_left_is_the_limit)
{
	options.budget = 30;
	options.limit = 31;
	begin();
	ck_assert_int_ge(rounds_next(&rounds, now), 0);
	now += 10;
	ck_assert_int_ge(rounds_next(&rounds, now), 0);
	ck_assert_double_eq_tol(rounds_left(&rounds, now), 21, 1e-9);
}
END_TEST

/* Six rounds of eight cells in 100 s are 2.08 s each, too long; in 40 s 0.83 s, without 0.2 s. */
START_TEST(test_duration)
{
	begin();
	ck_assert_double_eq(rounds_duration(&c), 1);
	c.options.duration = 0;
	ck_assert_double_eq(rounds_duration(&c), 1.5);
	c.options.budget = 40;
	ck_assert_double_eq_tol(rounds_duration(&c), 40 / 48.0 - 0.2, 1e-9);
	c.options.budget = 4;
	ck_assert_double_eq(rounds_duration(&c), 0.3);
	c.options.limit = 24; /* three rounds fit */
	ck_assert_double_eq(rounds_duration(&c), 0.3);
	c.options.limit = 9.6; /* not of this length */
	ck_assert_double_eq_tol(rounds_duration(&c), 0.2, 1e-9);
	c.options.limit = 5;
	ck_assert_double_eq(rounds_duration(&c), 0.1);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_as_many_rounds_as_asked_for,
		test_a_round_visits_all_of_a_load,
		test_the_seed_decides_the_order,
		test_five_rounds_where_nothing_differs,
		test_on_until_the_budget_is_spent,
		test_three_rounds_whatever_the_budget,
		test_no_round_that_would_end_beyond_the_limit,
		test_the_first_round_whatever_the_limit,
		test_the_limit_knows_what_each_load_takes,
		test_shares,
		test_a_narrow_load_is_left_out,
		test_what_failed_is_left_out,
		test_all_failed,
		test_time_left,
		test_time_left_is_the_budget,
		test_time_left_is_the_limit,
		test_duration,
	};

	return SUITE_RUN("rounds", tests, set_up, tear_down);
}
