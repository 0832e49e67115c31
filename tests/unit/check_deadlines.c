/* SPDX-License-Identifier: MIT */
#include "core/deadlines.h"

#include "core_fixture.h"

enum { MANY = 200, SPAN = 3000, AT_ONCE = 50 };

static struct deadlines all;
static struct deadline each[MANY];
static int64_t due[MANY]; /* what the heap must agree with */

static void set(int i, int64_t at)
{
	ck_assert_int_eq(deadlines_set(&all, &each[i], at), 0);
	due[i] = at;
}

static void cancel(int i)
{
	deadlines_cancel(&all, &each[i]);
	due[i] = DEADLINE_NEVER;
}

static void begin(void)
{
	for (int i = 0; i < MANY; i++) {
		each[i].kind = (uint32_t)i;
		due[i] = DEADLINE_NEVER;
	}
}

static int64_t earliest(void)
{
	int64_t min = DEADLINE_NEVER;

	for (int i = 0; i < MANY; i++)
		min = due[i] < min ? due[i] : min;
	return min;
}

/* Takes out all that is due at now: that which the list says, each once. */
static void check_turn(int64_t now)
{
	struct deadline *d;

	while ((d = deadlines_pop(&all, now)) != NULL) {
		ck_assert_ptr_eq(d, &each[d->kind]);
		ck_assert_int_eq(d->due, due[d->kind]);
		ck_assert_int_le(due[d->kind], now);
		due[d->kind] = DEADLINE_NEVER;
	}
	ck_assert_int_gt(earliest(), now);
	ck_assert_int_le(deadlines_next(&all), earliest());
}

START_TEST(test_agrees_with_a_list)
{
	int64_t now;

	begin();
	srandom(20260401);
	for (now = 0; now < SPAN; now++) {
		for (int n = 0; n < 5; n++) {
			int i = (int)(random() % MANY), what = (int)(random() % 10);

			if (what == 0)
				cancel(i);
			else if (what == 1)
				set(i, DEADLINE_NEVER);
			else
				set(i, now + random() % 400);
		}
		ck_assert_int_le(deadlines_next(&all), earliest());
		check_turn(now);
	}
	check_turn(now + 400);
	ck_assert_int_eq(earliest(), DEADLINE_NEVER);
	ck_assert_int_eq(deadlines_next(&all), DEADLINE_NEVER);
	deadlines_finish(&all);
}
END_TEST

START_TEST(test_unmoved_ones_come_in_order)
{
	int64_t last = 0;

	begin();
	srandom(7);
	for (int i = 0; i < MANY; i++)
		set(i, 1 + random() % AT_ONCE);
	for (int n = 0; n < MANY; n++) {
		struct deadline *d;

		ck_assert_int_eq(deadlines_next(&all), earliest());
		d = deadlines_pop(&all, SPAN);
		ck_assert_ptr_nonnull(d);
		ck_assert_int_ge(d->due, last);
		last = d->due;
		due[d->kind] = DEADLINE_NEVER;
	}
	ck_assert_ptr_null(deadlines_pop(&all, SPAN));
	deadlines_finish(&all);
}
END_TEST

START_TEST(test_moving_later_is_lazy)
{
	begin();
	set(0, 10);
	set(1, 50);
	set(0, 100);
	ck_assert_int_eq(deadlines_next(&all), 10); /* not touched yet */
	ck_assert_ptr_null(deadlines_pop(&all, 10));
	ck_assert_int_eq(deadlines_next(&all), 50);
	ck_assert_ptr_eq(deadlines_pop(&all, 99), &each[1]);
	ck_assert_ptr_null(deadlines_pop(&all, 99));
	ck_assert_ptr_eq(deadlines_pop(&all, 100), &each[0]);
	deadlines_finish(&all);
}
END_TEST

START_TEST(test_moving_earlier_is_at_once)
{
	begin();
	set(0, 100);
	set(1, 50);
	set(0, 10);
	ck_assert_int_eq(deadlines_next(&all), 10);
	ck_assert_ptr_eq(deadlines_pop(&all, 10), &each[0]);
	deadlines_finish(&all);
}
END_TEST

START_TEST(test_never_is_never)
{
	begin();
	set(0, DEADLINE_NEVER);
	ck_assert_int_eq(deadlines_next(&all), DEADLINE_NEVER);
	set(1, 10);
	set(1, DEADLINE_NEVER);
	ck_assert_ptr_null(deadlines_pop(&all, DEADLINE_NEVER - 1));
	ck_assert_int_eq(deadlines_next(&all), DEADLINE_NEVER);
	set(1, 20); /* and can be set again */
	ck_assert_ptr_eq(deadlines_pop(&all, 20), &each[1]);
	deadlines_finish(&all);
}
END_TEST

START_TEST(test_cancelled_does_not_come)
{
	begin();
	deadlines_cancel(&all, &each[0]); /* was never in */
	for (int i = 0; i < MANY; i++)
		set(i, i);
	for (int i = 0; i < MANY; i += 2)
		cancel(i);
	cancel(0); /* is no longer in */
	for (int i = 1; i < MANY; i += 2)
		ck_assert_ptr_eq(deadlines_pop(&all, SPAN), &each[i]);
	ck_assert_ptr_null(deadlines_pop(&all, SPAN));
	deadlines_finish(&all);
}
END_TEST

START_TEST(test_zeroed_is_empty)
{
	ck_assert_int_eq(deadlines_next(&all), DEADLINE_NEVER);
	ck_assert_ptr_null(deadlines_pop(&all, SPAN));
	deadlines_finish(&all);
	deadlines_finish(&all);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_agrees_with_a_list,   test_unmoved_ones_come_in_order,
		test_moving_later_is_lazy, test_moving_earlier_is_at_once,
		test_never_is_never,       test_cancelled_does_not_come,
		test_zeroed_is_empty,
	};

	return SUITE_RUN("deadlines", tests, NULL, NULL);
}
