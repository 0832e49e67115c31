/* SPDX-License-Identifier: MIT */
/* What the tests of core's and the models' rooms share, whether they need a service or not. */
#ifndef TESTS_UNIT_SUITE_H
#define TESTS_UNIT_SUITE_H

#include <check.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* A case with these tests, and time for a slow machine; it may get more (loops, signals). */
static inline TCase *suite_case(const char *name, const TTest *const *tests, size_t count,
				void (*set_up)(void), void (*tear_down)(void))
{
	TCase *cases = tcase_create(name);

	tcase_add_checked_fixture(cases, set_up, tear_down);
	tcase_set_timeout(cases, 30);
	for (size_t i = 0; i < count; i++)
		tcase_add_test(cases, tests[i]);
	return cases;
}

/* Runs it in a suite of that name; returns what main() is to return. */
static inline int suite_run(const char *name, TCase *cases)
{
	Suite *suite = suite_create(name);
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, cases);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#define SUITE_CASE(name, tests, set_up, tear_down) \
	suite_case(name, tests, sizeof(tests) / sizeof(*(tests)), set_up, tear_down)
#define SUITE_RUN(name, tests, set_up, tear_down) \
	suite_run(name, SUITE_CASE(name, tests, set_up, tear_down))

/* Waits until fd is readable, for as long as a slow machine may need. */
static inline void await_readable(int fd)
{
	struct pollfd p = { fd, POLLIN, 0 };

	ck_assert_int_eq(poll(&p, 1, 20000), 1);
}

/* Waits until what holds; for conditions without a descriptor. */
#define AWAIT(what)                                                  \
	do {                                                         \
		for (int await_i = 0; !(what); await_i++) {          \
			ck_assert_msg(await_i < 20000, "%s", #what); \
			usleep(1000);                                \
		}                                                    \
	} while (0)

/* The status of a child that was forked by the test. */
static inline int await_child(pid_t pid)
{
	int status;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return status;
}

#endif
