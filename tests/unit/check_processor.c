/* SPDX-License-Identifier: MIT */
/* A CPU that this process has to itself as far as it pins itself there. */
#include "compare/measure/processor.h"

#include "unit_suite.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static double cpu_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	ck_assert_int_eq(sched_setaffinity(0, sizeof(set), &set), 0);
}

START_TEST(test_burnt_time_is_there)
{
	int cpu = sched_getcpu();
	struct processor_time before, after;
	double end;

	pin(cpu);
	ck_assert_int_eq(processor_of(getpid()), cpu);
	ck_assert_int_eq(processor_read(cpu, &before), 0);
	for (end = cpu_now() + 0.3; cpu_now() < end;)
		;
	ck_assert_int_eq(processor_read(cpu, &after), 0);
	ck_assert_double_ge(after.user + after.system - before.user - before.system, 0.2);
}
END_TEST

START_TEST(test_no_such_cpu)
{
	struct processor_time t;

	ck_assert_int_eq(processor_read(-1, &t), -ENODATA);
	ck_assert_int_eq(processor_read(100000, &t), -ENODATA);
	ck_assert_int_eq(processor_of(0x7fffffff), -1);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_burnt_time_is_there,
		test_no_such_cpu,
	};

	return SUITE_RUN("processor", tests, NULL, NULL);
}
