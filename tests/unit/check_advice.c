/* SPDX-License-Identifier: MIT */
#include "compare/advice.h"

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
	made_judgement(&c);
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

/* Rounds of a p99 that chance decides, as those of few and short rounds are. */
static void measure_p99(unsigned contestant, const double p99[ROUNDS])
{
	measure(0, contestant, 1, 1, 1);
	for (int r = 0; r < ROUNDS; r++)
		made_cell(&c, 0, contestant)->samples[r].of[METRIC_P99] = p99[r];
}

static const double noisy[ROUNDS] = { 3000, 4000, 5000, 5200, 19000, 40000 };

/* The intervals of the medians meet, and so do those of the ratios; but it is no tie. */
START_TEST(test_the_better_median_where_the_rounds_cannot_tell)
{
	static const double worse[ROUNDS] = { 60000, 36000, 19000, 17000, 9000, 4000 };
	struct advice a;

	measure_p99(ITERATIVE, worse);
	measure_p99(EPOLL, noisy);
	made_cell(&c, 0, ITERATIVE)->samples[0].of[METRIC_MEMORY] = 0;
	a = advice(0);
	ck_assert_int_eq(a.choice, EPOLL);
	ck_assert_int_eq(a.fate[ITERATIVE], ADVICE_SLOWER);
	ck_assert_int_eq(a.ratio[ITERATIVE].verdict, VERDICT_UNKNOWN);
	ck_assert_int_eq(a.ratio[ITERATIVE].to, EPOLL);
	ck_assert_double_gt(a.ratio[ITERATIVE].of.median, 1.25);
	ck_assert(!a.sure);
}
END_TEST

/* What made the one slow in a round made the other slow, too: in pairs it is plain. */
START_TEST(test_pairs_tell_what_medians_do_not)
{
	double worse[ROUNDS];
	struct advice a;

	for (int r = 0; r < ROUNDS; r++)
		worse[r] = noisy[r] * (1.1 + 0.01 * r);
	measure_p99(POOL, worse);
	measure_p99(EPOLL, noisy);
	judgement_make(&c);
	a = advice_on(&c, 0);
	ck_assert_double_lt(made_cell(&c, 0, POOL)->median[METRIC_P99].low,
			    made_cell(&c, 0, EPOLL)->median[METRIC_P99].high);
	ck_assert_int_eq(a.choice, EPOLL);
	ck_assert_int_eq(a.fate[POOL], ADVICE_SLOWER);
	ck_assert_int_eq(a.ratio[POOL].verdict, VERDICT_MORE);
	ck_assert(a.sure);
}
END_TEST

/* Less than a quarter is a tie where the rounds cannot tell. */
START_TEST(test_a_little_that_cannot_be_told_is_a_tie)
{
	static const double little[ROUNDS] = { 4000, 3100, 6000, 4900, 40000, 22000 };
	struct advice a;

	measure_p99(POOL, little);
	measure_p99(EPOLL, noisy);
	for (int r = 0; r < ROUNDS; r++)
		made_cell(&c, 0, POOL)->samples[r].of[METRIC_CPU] *= 0.5;
	a = advice(0);
	ck_assert_int_eq(a.choice, POOL);
	ck_assert_int_eq(a.decider, ADVICE_DEARER);
	ck_assert(a.sure);
}
END_TEST

/* The noise of the reference is none's advantage. */
START_TEST(test_what_is_within_the_noise_is_a_tie)
{
	measure(0, POOL, 200, 5, 9);
	measure(0, AGAIN, 240, 5, 9);
	measure(0, EPOLL, 230, 4, 9);
	ck_assert_int_eq(advice(0).choice, EPOLL);
}
END_TEST

START_TEST(test_late_rounds_are_left_out)
{
	struct cell *cell;
	struct advice a;

	measure(0, POOL, 200, 5, 1);
	measure(0, EPOLL, 100, 5, 1);
	cell = made_cell(&c, 0, EPOLL);
	for (cell->late = 0; cell->late < ROUNDS - 1; cell->late++)
		for (int m = METRIC_P50; m <= METRIC_MAX; m++)
			cell->samples[cell->late].of[m] = NAN;
	a = advice(0);
	ck_assert_int_eq(a.choice, EPOLL);
	ck_assert_uint_eq(a.ratio[POOL].of.count, 1);
	ck_assert(!a.sure);
	cell->late++;
	a = advice(0);
	ck_assert_int_eq(a.choice, POOL);
	ck_assert_int_eq(a.fate[EPOLL], ADVICE_LATE);
	ck_assert_int_eq(a.decider, ADVICE_LATE);
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

/* Few latencies, all good: the clients waited most of the time for what did not come. */
START_TEST(test_who_stops_replying_is_not_chosen)
{
	struct advice a;

	measure(0, POOL, 10, 1, 1);
	measure(0, EPOLL, 200, 5, 9);
	for (int r = 0; r < ROUNDS; r++)
		made_cell(&c, 0, POOL)->samples[r].of[METRIC_STALLED] = 0.8;
	a = advice(0);
	ck_assert_int_eq(a.choice, EPOLL);
	ck_assert_int_eq(a.fate[POOL], ADVICE_UNSERVED);
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
	made_judgement(&c);
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
	made_judgement(&c);
	ck_assert_int_eq(advice_on(&c, 0).choice, ITERATIVE);
	ck_assert_int_eq(advice_on_all(&c), POOL);
}
END_TEST

START_TEST(test_ranges)
{
	struct advice_range ranges[ADVICE_RANGES];

	measure(0, ITERATIVE, 100, 1, 1);
	measure(0, POOL, 900, 5, 1);
	measure(1, POOL, 900, 5, 1);
	made_judgement(&c);
	ck_assert_uint_eq(advice_ranges(&c, ranges), 2);
	ck_assert_int_eq(ranges[0].choice, ITERATIVE);
	ck_assert_uint_eq(ranges[0].from, 1);
	ck_assert_uint_eq(ranges[0].to, 1);
	ck_assert(ranges[0].first && !ranges[0].last);
	ck_assert_int_eq(ranges[1].choice, POOL);
	ck_assert_uint_eq(ranges[1].from, 64);
	ck_assert(!ranges[1].first && ranges[1].last);
	ck_assert(ranges[0].sure && ranges[1].sure);
}
END_TEST

/* Whatever the order in which they were asked for. */
START_TEST(test_one_range_where_the_choice_is_the_same)
{
	struct advice_range ranges[ADVICE_RANGES];

	for (unsigned i = 0; i < c.count; i++)
		c.cells[i].connections = c.cells[i].connections == 1 ? 64 : 1;
	measure(0, POOL, 900, 5, 1);
	measure(1, POOL, 900, 5, 1);
	made_judgement(&c);
	ck_assert_uint_eq(advice_ranges(&c, ranges), 1);
	ck_assert_int_eq(ranges[0].choice, POOL);
	ck_assert_uint_eq(ranges[0].from, 1);
	ck_assert_uint_eq(ranges[0].to, 64);
	ck_assert(ranges[0].first && ranges[0].last);
}
END_TEST

/* Each is the choice of one load and unfit for the other. */
START_TEST(test_none_is_fit_for_all)
{
	measure(0, POOL, 200, 5, 1);
	measure(1, EPOLL, 200, 5, 1);
	made_judgement(&c);
	ck_assert_int_eq(advice_on(&c, 0).choice, POOL);
	ck_assert_int_eq(advice_on(&c, 1).choice, EPOLL);
	ck_assert_int_eq(advice_on_all(&c), -1);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_the_better_p99,
		test_as_good_a_p99_for_less_cpu,
		test_memory_decides_among_equals,
		test_the_better_median_where_the_rounds_cannot_tell,
		test_pairs_tell_what_medians_do_not,
		test_a_little_that_cannot_be_told_is_a_tie,
		test_what_is_within_the_noise_is_a_tie,
		test_late_rounds_are_left_out,
		test_who_leaves_connections_waiting_is_not_chosen,
		test_who_stops_replying_is_not_chosen,
		test_who_errs_or_fails_is_not_chosen,
		test_what_is_not_known_does_not_decide,
		test_the_choice_of_most_loads,
		test_the_whole_is_for_all_loads,
		test_ranges,
		test_one_range_where_the_choice_is_the_same,
		test_none_is_fit_for_all,
	};

	return SUITE_RUN("advice", tests, set_up, tear_down);
}
