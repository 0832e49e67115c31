/* SPDX-License-Identifier: MIT */
/* The search, on servers that are formulas. */
#include "compare/load/knee.h"

#include "unit_suite.h"

static const uint64_t BOUND = 10000000; /* 10 ms */

/* A queue whose waits grow without bound towards its capacity: 0.1 ms when nothing is asked. */
struct server {
	double capacity;
	double client;     /* the rate that the client cannot keep; 0: it can keep all */
	double wrong_from; /* the rate from which there are errors; 0: none */
	unsigned hiccup;   /* each so manieth measurement is bad, whatever the rate; 0: none */
	unsigned asked;
};

static void measure(struct server *s, struct knee_step *step)
{
	double room = 1 - step->rate / s->capacity;

	step->overload = room <= 0;
	step->achieved = room <= 0 ? s->capacity : step->rate;
	step->p99 = room <= 0 ? 1000000000 : (uint64_t)(100000 / room);
	step->late = s->client > 0 && step->rate >= s->client;
	if (step->late)
		step->p99 += BOUND;
	step->errors = s->wrong_from > 0 && step->rate >= s->wrong_from;
	if (s->hiccup && ++s->asked % s->hiccup == 0)
		step->p99 += 100000000;
	step->under = knee_is_under(step, BOUND);
}

static struct knee k;

static void search(struct server *s, const struct knee_range *range)
{
	knee_begin(&k, range);
	while (knee_next(&k) > 0) {
		struct knee_step step = { .rate = knee_next(&k) };

		measure(s, &step);
		knee_add(&k, &step);
	}
}

static void find(struct server *s, double origin)
{
	search(s, &(struct knee_range) { origin, 0.5, KNEE_FINE, 0, KNEE_FINE });
}

/* At 99 % of the capacity a wait is 100 times as long as at nothing. */
static void assert_found(double knee)
{
	ck_assert_double_le(k.rate, knee);
	ck_assert_double_ge(k.above, knee);
	ck_assert_double_le(k.above, k.rate * 1.05);
	ck_assert_int_ne(k.limit, KNEE_CLIENT);
}

START_TEST(test_from_below)
{
	find(&(struct server) { .capacity = 123456 }, 1000);
	assert_found(0.99 * 123456);
	ck_assert_uint_le(k.count, 20);
	ck_assert_double_eq_tol(k.steps[1].rate, 2000, 1e-6);
}
END_TEST

START_TEST(test_from_above)
{
	find(&(struct server) { .capacity = 3.5 }, 1000);
	assert_found(0.99 * 3.5);
}
END_TEST

START_TEST(test_errors_are_too_much)
{
	find(&(struct server) { .capacity = 1e6, .wrong_from = 5000 }, 1000);
	assert_found(5000);
}
END_TEST

START_TEST(test_hiccup_is_measured_again)
{
	find(&(struct server) { .capacity = 50000, .hiccup = 3 }, 1000);
	assert_found(0.99 * 50000);
}
END_TEST

/* Then it is not the server's knee, and that is told. */
START_TEST(test_client_is_the_limit)
{
	find(&(struct server) { .capacity = 1e6, .client = 9000 }, 1000);
	ck_assert_int_eq(k.limit, KNEE_CLIENT);
	ck_assert_double_lt(k.rate, 9000);
	ck_assert_double_ge(k.above, 9000);
}
END_TEST

START_TEST(test_none_is_under)
{
	find(&(struct server) { .capacity = 1e-9 }, 1000);
	ck_assert_double_le(k.rate, 0);
	ck_assert_double_ge(k.above, 0.5);
	ck_assert_double_lt(k.above, 1);
}
END_TEST

START_TEST(test_all_are_under)
{
	find(&(struct server) { .capacity = 1e30 }, 1000);
	ck_assert_double_ge(k.rate, 5e7);
	ck_assert_double_le(k.above, 0);
}
END_TEST

/* What is known till then is there at any time. */
START_TEST(test_in_between)
{
	struct knee_step step = { .rate = 1000, .under = true };

	knee_begin(&k, &(struct knee_range) { 1000, 0.5, KNEE_FINE, 0, KNEE_FINE });
	ck_assert_double_le(k.rate + k.above, 0);
	knee_add(&k, &step);
	ck_assert_double_eq_tol(k.rate, 1000, 1e-6);
	ck_assert_double_le(k.above, 0);
	ck_assert_double_eq_tol(knee_next(&k), 2000, 1e-6);
}
END_TEST

/* Whoever knows about where it is takes small steps first, and measures rates of the same grid. */
START_TEST(test_from_nearby)
{
	struct server s = { .capacity = 10000 };
	unsigned count;
	double rate;
	int at;

	find(&s, 1000);
	at = knee_position(&k);
	rate = k.rate;
	count = k.count;
	search(&s, &(struct knee_range) { 1000, 0.5, KNEE_FINE, at - 3, 1 });
	ck_assert_double_eq_tol(k.rate, rate, 1e-6);
	ck_assert_uint_lt(k.count, count);
	ck_assert_int_eq(knee_position(&k), at);
}
END_TEST

/* The room for steps bounds the search, however far it would have to go. */
START_TEST(test_bounded)
{
	search(&(struct server) { .capacity = 1e-300 },
	       &(struct knee_range) { 1e8, 1e-300, KNEE_FINE, 0, KNEE_FINE });
	ck_assert_uint_le(k.count, KNEE_STEPS);
	ck_assert_uint_ge(k.count, KNEE_STEPS / 2);
}
END_TEST

/* What is a little too much is asked again. */
START_TEST(test_overload_by_far)
{
	struct knee_step step = { .rate = 1000, .achieved = 900, .overload = true };

	knee_begin(&k, &(struct knee_range) { 1000, 0.5, KNEE_FINE, 0, KNEE_FINE });
	knee_add(&k, &step);
	ck_assert_double_eq_tol(knee_next(&k), 1000, 1e-6);
	knee_begin(&k, &(struct knee_range) { 1000, 0.5, KNEE_FINE, 0, KNEE_FINE });
	step.achieved = 700;
	knee_add(&k, &step);
	ck_assert_double_eq_tol(knee_next(&k), 500, 1e-6);
	ck_assert_double_eq_tol(k.above, 1000, 1e-6);
}
END_TEST

START_TEST(test_limits)
{
	struct knee_step step = { .under = true, .late = true };

	ck_assert_int_eq(knee_limit(&step), KNEE_NONE);
	step.under = false;
	ck_assert_int_eq(knee_limit(&step), KNEE_CLIENT);
	step.errors = 1;
	ck_assert_int_eq(knee_limit(&step), KNEE_ERRORS);
	step = (struct knee_step) { .overload = true };
	ck_assert_int_eq(knee_limit(&step), KNEE_OVERLOAD);
	step.overload = false;
	ck_assert_int_eq(knee_limit(&step), KNEE_SLOW);
}
END_TEST

START_TEST(test_is_under)
{
	const struct knee_step good = { .achieved = 1, .p99 = BOUND };
	const struct knee_step late = { .achieved = 1, .p99 = BOUND, .late = true };
	struct knee_step bad[] = { good, good, good, good };

	ck_assert(knee_is_under(&good, BOUND));
	ck_assert(knee_is_under(&late, BOUND));
	bad[0].achieved = 0;
	bad[1].p99++;
	bad[2].errors = 1;
	bad[3].overload = true;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert(!knee_is_under(&bad[i], BOUND));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_from_below,
		test_from_above,
		test_errors_are_too_much,
		test_hiccup_is_measured_again,
		test_client_is_the_limit,
		test_none_is_under,
		test_all_are_under,
		test_in_between,
		test_from_nearby,
		test_bounded,
		test_is_under,
		test_overload_by_far,
		test_limits,
	};

	return SUITE_RUN("knee", tests, NULL, NULL);
}
