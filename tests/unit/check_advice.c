/* SPDX-License-Identifier: MIT */
#include "compare/advice.h"

#include "compare/judgement.h"
#include "tests/unit/comparison_fixture.h"
#include "tests/unit/unit_suite.h"

enum { ITERATIVE, POOL, AGAIN, EPOLL, ROUNDS = 6 };

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

/* Six rounds about these figures, each 1 % apart from the next. */
static void measure(unsigned load, unsigned contestant, double p99, double cpu, double memory)
{
	struct cell *cell = made_cell(&c, load, contestant);

	for (int r = 0; r < ROUNDS; r++) {
		double wobble = 1 + (r - 2.5) / 100;
		struct sample *s = made_sample(cell, 1000 * wobble, cpu * wobble);

		s->of[METRIC_P99] = p99 * wobble;
		s->of[METRIC_MEMORY] = memory;
	}
}

static struct advice advice(unsigned load)
{
	judgement_make(&c);
	return advice_on(&c, load);
}

START_TEST(test_the_better_p99)
{
	struct advice a;

	measure(0, POOL, 500, 5, 1);
	measure(0, AGAIN, 100, 1, 1);
	measure(0, EPOLL, 200, 9, 9);
	a = advice(0);
	ck_assert_int_eq(a.choice, EPOLL);
	ck_assert_int_eq(a.decider, ADVICE_SLOWER);
	ck_assert_int_eq(a.fate[POOL], ADVICE_SLOWER);
	ck_assert_int_eq(a.fate[AGAIN], ADVICE_NO_MODEL);
	ck_assert_int_eq(a.fate[ITERATIVE], ADVICE_FAILED);
	ck_assert_int_eq(a.fate[EPOLL], ADVICE_CHOSEN);
}
END_TEST

START_TEST(test_as_good_a_p99_for_less_cpu)
{
	struct advice a;

	measure(0, POOL, 201, 5, 9);
	measure(0, EPOLL, 200, 9, 1);
	a = advice(0);
	ck_assert_int_eq(a.choice, POOL);
	ck_assert_int_eq(a.decider, ADVICE_DEARER);
	ck_assert_int_eq(a.fate[EPOLL], ADVICE_DEARER);
}
END_TEST

START_TEST(test_memory_decides_among_equals)
{
	struct advice a;

	measure(0, POOL, 200, 5, 9);
	measure(0, EPOLL, 200, 5.01, 1);
	a = advice(0);
	ck_assert_int_eq(a.choice, EPOLL);
	ck_assert_int_eq(a.decider, ADVICE_BIGGER);
}
END_TEST

START_TEST(test_who_leaves_connections_waiting_is_not_chosen)
{
	struct advice a;

	measure(1, ITERATIVE, 10, 1, 1);
	measure(1, POOL, 200, 5, 9);
	made_cell(&c, 1, ITERATIVE)->samples[4].of[METRIC_SERVED] = 1;
	a = advice(1);
	ck_assert_int_eq(a.choice, POOL);
	ck_assert_int_eq(a.fate[ITERATIVE], ADVICE_UNSERVED);
	ck_assert_int_eq(a.decider, ADVICE_UNSERVED);
}
END_TEST

START_TEST(test_who_errs_or_fails_is_not_chosen)
{
	struct advice a;

	measure(0, ITERATIVE, 10, 1, 1);
	measure(0, POOL, 10, 1, 1);
	measure(0, EPOLL, 10, 1, 1);
	made_cell(&c, 0, ITERATIVE)->errors.count[LOAD_RESET] = 1;
	made_cell(&c, 0, EPOLL)->failure[0] = '!';
	a = advice(0);
	ck_assert_int_eq(a.choice, POOL);
	ck_assert_int_eq(a.fate[ITERATIVE], ADVICE_ERRORS);
	ck_assert_int_eq(a.fate[EPOLL], ADVICE_FAILED);
	made_cell(&c, 0, POOL)->errors.count[LOAD_RESET] = 1;
	ck_assert_int_eq(advice(0).choice, -1);
	ck_assert_int_eq(advice_on_all(&c), -1);
}
END_TEST

/* What the kernel does not tell, as another's CPU, decides nothing. */
START_TEST(test_what_is_not_known_does_not_decide)
{
	measure(0, POOL, 200, NAN, NAN);
	measure(0, EPOLL, 200, NAN, NAN);
	ck_assert_int_eq(advice(0).choice, POOL);
}
END_TEST

START_TEST(test_the_choice_of_most_loads)
{
	measure(0, POOL, 200, 5, 1);
	measure(0, EPOLL, 900, 5, 1);
	measure(1, POOL, 900, 5, 1);
	measure(1, EPOLL, 200, 5, 1);
	judgement_make(&c);
	ck_assert_int_eq(advice_on_all(&c), EPOLL);
	made_cell(&c, 1, EPOLL)->errors.count[LOAD_RESET] = 1;
	ck_assert_int_eq(advice_on_all(&c), POOL);
}
END_TEST

/* Iterative is the choice for one connection, but it leaves 63 of 64 waiting. */
START_TEST(test_the_whole_is_for_all_loads)
{
	measure(0, ITERATIVE, 100, 1, 1);
	measure(0, POOL, 900, 5, 1);
	measure(1, ITERATIVE, 100, 1, 1);
	measure(1, POOL, 900, 5, 1);
	made_cell(&c, 1, ITERATIVE)->samples[0].of[METRIC_SERVED] = 1;
	judgement_make(&c);
	ck_assert_int_eq(advice_on(&c, 0).choice, ITERATIVE);
	ck_assert_int_eq(advice_on_all(&c), POOL);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_the_better_p99,
		test_as_good_a_p99_for_less_cpu,
		test_memory_decides_among_equals,
		test_who_leaves_connections_waiting_is_not_chosen,
		test_who_errs_or_fails_is_not_chosen,
		test_what_is_not_known_does_not_decide,
		test_the_choice_of_most_loads,
		test_the_whole_is_for_all_loads,
	};

	return suite_run("advice", tests, sizeof(tests) / sizeof(*tests), set_up, tear_down);
}
