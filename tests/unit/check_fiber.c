/* SPDX-License-Identifier: MIT */
#include "models/fiber.h"

#include "unit_suite.h"

#include <errno.h>
#include <fenv.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>

enum { STACK = 64 * 1024, GUARD = 64 * 1024, MANY = 2000 };

static struct fiber_pool pool;

static void open_pool(size_t count, size_t stack)
{
	ck_assert_int_eq(fiber_pool_open(&pool, count, stack), 0);
}

/* ---- Turns ---- */

static void count_twice(void *arg)
{
	int *n = arg;

	(*n)++;
	fiber_suspend(&pool);
	(*n)++;
}

START_TEST(test_turns)
{
	struct fiber *f;
	int n = 0;

	open_pool(1, STACK);
	f = fiber_take(&pool);
	ck_assert(!fiber_start(&pool, f, count_twice, &n));
	ck_assert_int_eq(n, 1);
	ck_assert(fiber_resume(&pool, f));
	ck_assert_int_eq(n, 2);
	ck_assert_msg(!fiber_start(&pool, f, count_twice, &n), "a fiber is used again");
	ck_assert(fiber_resume(&pool, f));
	ck_assert_int_eq(n, 4);
	fiber_return(&pool, f);
}
END_TEST

START_TEST(test_last_returned_is_taken_first)
{
	struct fiber *a, *b;

	open_pool(3, STACK);
	a = fiber_take(&pool);
	b = fiber_take(&pool);
	fiber_return(&pool, b);
	fiber_return(&pool, a);
	ck_assert_ptr_eq(fiber_take(&pool), a);
	ck_assert_ptr_eq(fiber_take(&pool), b);
	ck_assert_uint_eq(pool.used, 2);
	fiber_return(&pool, a);
	fiber_return(&pool, b);
}
END_TEST

START_TEST(test_exhausted)
{
	struct fiber *all[3];

	open_pool(3, STACK);
	for (int i = 0; i < 3; i++)
		ck_assert_ptr_nonnull(all[i] = fiber_take(&pool));
	ck_assert_ptr_null(fiber_take(&pool));
	fiber_return(&pool, all[1]);
	ck_assert_ptr_eq(fiber_take(&pool), all[1]);
	ck_assert_ptr_null(fiber_take(&pool));
	for (int i = 0; i < 3; i++)
		fiber_return(&pool, all[i]);
}
END_TEST

/* ---- What a switch keeps ---- */

static void keep_errno(void *arg)
{
	errno = EXDEV;
	fiber_suspend(&pool);
	*(int *)arg = errno;
	errno = ENOTTY;
}

START_TEST(test_errno)
{
	struct fiber *f;
	int seen = 0;

	open_pool(1, STACK);
	f = fiber_take(&pool);
	errno = EDOM;
	fiber_start(&pool, f, keep_errno, &seen);
	ck_assert_int_eq(errno, EDOM);
	errno = ERANGE;
	fiber_resume(&pool, f);
	ck_assert_int_eq(errno, ERANGE);
	ck_assert_int_eq(seen, EXDEV);
	fiber_return(&pool, f);
}
END_TEST

/* Which is rounded as the unit that computes it, and not the compiler, is told to. */
static double third(void)
{
	volatile double one = 1, three = 3;

	return one / three;
}

struct sum {
	double step, total, third;
	int rounding;
};

static void sum_up(void *arg)
{
	struct sum *s = arg;
	double a = s->step, b = 2 * s->step, c = 0;

	fesetround(FE_UPWARD);
	for (int i = 0; i < 10; i++) {
		c += a * b;
		fiber_suspend(&pool);
		a += s->step;
	}
	s->total = c;
	s->third = third();
	s->rounding = fegetround();
}

START_TEST(test_floating_point)
{
	struct sum sums[4];
	struct fiber *f[4];
	bool done = false;

	open_pool(4, STACK);
	for (int i = 0; i < 4; i++) {
		sums[i] = (struct sum) { .step = i + 1 };
		fiber_start(&pool, f[i] = fiber_take(&pool), sum_up, &sums[i]);
		ck_assert_int_eq(fegetround(), FE_TONEAREST);
		ck_assert_double_eq(third(), 1.0 / 3);
	}
	while (!done)
		for (int i = 0; i < 4; i++)
			done = fiber_resume(&pool, f[i]);
	for (int i = 0; i < 4; i++) {
		double step = i + 1;

		ck_assert_double_eq(sums[i].total, 110 * step * step);
		ck_assert_int_eq(sums[i].rounding, FE_UPWARD);
		ck_assert_double_gt(sums[i].third, 1.0 / 3);
		fiber_return(&pool, f[i]);
	}
}
END_TEST

static void suspend_deep(int depth)
{
	volatile int mine = depth;

	if (depth)
		suspend_deep(depth - 1);
	else
		fiber_suspend(&pool);
	ck_assert_int_eq(mine, depth);
}

static void stay(void *arg)
{
	uintptr_t *id = arg, mine = *id * 7;

	suspend_deep(5);
	*id = mine;
}

START_TEST(test_thousands)
{
	static struct fiber *all[MANY];
	static uintptr_t id[MANY];

	open_pool(MANY, STACK);
	for (size_t i = 0; i < MANY; i++) {
		id[i] = i;
		ck_assert_ptr_nonnull(all[i] = fiber_take(&pool));
		ck_assert(!fiber_start(&pool, all[i], stay, &id[i]));
	}
	for (size_t i = 0; i < MANY; i++) {
		size_t k = i * 7 % MANY; /* all, in another order: 7 does not divide MANY */

		ck_assert(fiber_resume(&pool, all[k]));
		ck_assert_uint_eq(id[k], k * 7);
		fiber_return(&pool, all[k]);
	}
}
END_TEST

static void *run_own_pool(void *arg)
{
	static _Thread_local struct fiber_pool own;
	struct fiber *f[8];
	int n = 0;

	if (fiber_pool_open(&own, 8, STACK))
		return NULL;
	for (int round = 0; round < 100; round++)
		for (int i = 0; i < 8; i++) {
			f[i] = fiber_take(&own);
			n += fiber_start(&own, f[i], arg, &own);
			n += fiber_resume(&own, f[i]);
			fiber_return(&own, f[i]);
		}
	fiber_pool_close(&own);
	return (void *)(uintptr_t)n;
}

static void suspend_once(void *arg)
{
	fiber_suspend(arg);
}

START_TEST(test_threads_with_pools)
{
	pthread_t t[2];
	void *n;

	open_pool(1, STACK);
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, run_own_pool, suspend_once), 0);
	for (int i = 0; i < 2; i++) {
		pthread_join(t[i], &n);
		ck_assert_uint_eq((uintptr_t)n, 800);
	}
}
END_TEST

/* ---- Stacks ---- */

static __attribute__((noinline)) void use_frame(void *arg)
{
	volatile char frame[40 * 1024];

	for (size_t i = 0; i < sizeof(frame); i++)
		frame[i] = 1;
	*(bool *)arg = frame[0] && !fiber_guards(&pool, (const char *)(uintptr_t)frame);
}

START_TEST(test_large_frame)
{
	struct fiber *f;
	bool fine = false;

	open_pool(2, STACK);
	f = fiber_take(&pool);
	ck_assert(fiber_start(&pool, f, use_frame, &fine));
	ck_assert(fine);
	fiber_return(&pool, f);
}
END_TEST

START_TEST(test_guards)
{
	struct fiber *a, *b;
	char *region;

	open_pool(3, STACK);
	a = fiber_take(&pool);
	b = fiber_take(&pool);
	region = pool.region;
	for (size_t i = 0; i < 2; i++, region += pool.stride) {
		ck_assert(fiber_guards(&pool, region));
		ck_assert(fiber_guards(&pool, region + GUARD - 1));
		ck_assert(!fiber_guards(&pool, region + GUARD));
		ck_assert(!fiber_guards(&pool, region + pool.stride - 1));
	}
	ck_assert(!fiber_guards(&pool, pool.region - 1));
	ck_assert(!fiber_guards(&pool, &pool));
	ck_assert(!fiber_guards(&pool, NULL));
	fiber_return(&pool, a);
	fiber_return(&pool, b);
}
END_TEST

/* Deep enough for any stack, and no more, so that a missing guard ends too. */
static __attribute__((noinline)) int overflow(int depth, const volatile char *above)
{
	volatile char frame[4096]; /* of which the next one sees, so no two can share it */

	frame[0] = (char)(above[0] + depth);
	return depth ? overflow(depth - 1, frame) + frame[0] : 0;
}

static void overflow_stack(void *arg)
{
	*(volatile int *)arg = overflow(1000, "");
}

static void on_fault(int number, siginfo_t *info, void *context)
{
	_exit(fiber_guards(&pool, info->si_addr) ? 42 : 43);
}

static pid_t fork_overflow(struct sigaction *act)
{
	static char stack[STACK];
	stack_t alternate = { .ss_sp = stack, .ss_size = sizeof(stack) };
	pid_t pid = fork();
	int n = 0;

	ck_assert_int_ge(pid, 0);
	if (pid)
		return pid;
	sigaltstack(&alternate, NULL);
	sigaction(SIGSEGV, act, NULL);
	fiber_take(&pool); /* the one below, to be left intact */
	fiber_start(&pool, fiber_take(&pool), overflow_stack, &n);
	_exit(1);
}

START_TEST(test_overflow)
{
	struct sigaction none = { .sa_handler = SIG_DFL };
	struct sigaction tell = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK };
	int status;

	open_pool(3, STACK);
	status = await_child(fork_overflow(&none));
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), SIGSEGV);
	status = await_child(fork_overflow(&tell));
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 42);
}
END_TEST

START_TEST(test_too_many)
{
	int rc = fiber_pool_open(&pool, SIZE_MAX / (256 * 1024) / 1024, STACK);

	ck_assert(rc == -ENOMEM || rc == -ERANGE);
	open_pool(1, STACK);
}
END_TEST

static void tear_down(void)
{
	fiber_pool_close(&pool);
}

int main(void)
{
	const TTest *const tests[] = {
		test_turns,
		test_last_returned_is_taken_first,
		test_exhausted,
		test_errno,
		test_floating_point,
		test_thousands,
		test_threads_with_pools,
		test_large_frame,
		test_guards,
		test_overflow,
		test_too_many,
	};

	return SUITE_RUN("fiber", tests, NULL, tear_down);
}
