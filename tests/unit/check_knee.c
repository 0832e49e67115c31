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
	unsigned stop;     /* the measurement that is interrupted; 0: none */
	unsigned asked;
};

static int measure(void *arg, struct knee_step *step)
{
	struct server *s = arg;
	double room = 1 - step->rate / s->capacity;

	if (++s->asked == s->stop)
		return 7;
	step->overload = room <= 0;
	step->achieved = room <= 0 ? s->capacity : step->rate;
	step->p99 = room <= 0 ? 1000000000 : (uint64_t)(100000 / room);
	step->late = s->client > 0 && step->rate >= s->client;
	if (step->late)
		step->p99 += BOUND;
	step->errors = s->wrong_from > 0 && step->rate >= s->wrong_from;
	if (s->hiccup && s->asked % s->hiccup == 0)
		step->p99 += 100000000;
	step->under = knee_is_under(step, BOUND);
	return 0;
}

static struct knee k;

static int search(struct server *s, double first, double fineness)
{
	return knee_find(&k, &(struct knee_range) { first, 0.5, fineness }, measure, s);
}

static void find(struct server *s, double first)
{
	ck_assert_int_eq(search(s, first, 1.05), 0);
	ck_assert_uint_eq(k.count, s->asked);
}

/* At 99 % of the capacity a wait is 100 times as long as at nothing. */
static void assert_found(double knee)
{
	ck_assert_double_le(k.rate, knee);
	ck_assert_double_ge(k.above, knee);
	ck_assert_double_le(k.above, k.rate * 1.05);
	ck_assert(!k.late);
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
	ck_assert(k.late);
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

START_TEST(test_interrupted)
{
	struct server s = { .capacity = 123456, .stop = 3 };

	ck_assert_int_eq(search(&s, 1000, 1.05), 7);
	ck_assert_uint_eq(k.count, 2);
	ck_assert_double_eq_tol(k.rate, 2000, 1e-6);
}
END_TEST

/* The room for steps bounds the search, however fine it is to be. */
START_TEST(test_bounded)
{
	struct server s = { .capacity = 123456 };

	ck_assert_int_eq(search(&s, 1000, 1), 0);
	ck_assert_uint_le(k.count, KNEE_STEPS);
	ck_assert_double_eq_tol(k.rate, 0.99 * 123456, 1);
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
		test_interrupted,
		test_bounded,
		test_is_under,
	};

	return SUITE_RUN("knee", tests, NULL, NULL);
}
