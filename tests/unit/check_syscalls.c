/* SPDX-License-Identifier: MIT */
/* Processes that make so many system calls as the test says; skipped, and said so, where tracing is
 * not allowed. */
#include "compare/measure/syscalls.h"

#include "unit_suite.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CALLS = 1000, OTHERS = 300 /* to begin and end threads and processes, at most */ };

static int to_child[2], to_test[2];
static struct syscalls counted;

static void *call(void *arg)
{
	for (int i = 0; i < CALLS; i++)
		syscall(SYS_getppid);
	return arg;
}

/* By itself, by a thread and by a child, which are born when it is told to begin and then end. */
static void be_busy(void)
{
	pthread_t t;
	char c;

	if (read(to_child[0], &c, 1) != 1)
		_exit(1);
	call(NULL);
	pthread_create(&t, NULL, call, NULL);
	pthread_join(t, NULL);
	if (!fork()) {
		call(NULL);
		_exit(0);
	}
	wait(NULL);
	if (write(to_test[1], "", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

static pid_t start(void)
{
	pid_t pid;

	ck_assert_int_eq(pipe(to_child), 0);
	ck_assert_int_eq(pipe(to_test), 0);
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		be_busy();
	}
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	syscalls_close(&counted);
}

START_TEST(test_all_count)
{
	uint64_t before, after;
	pid_t pid = start();
	char c = 0;

	ck_assert_int_eq(syscalls_open(&counted, pid), 0);
	ck_assert_int_eq(syscalls_read(&counted, &before), 0);
	ck_assert_int_eq(write(to_child[1], &c, 1), 1);
	ck_assert_int_eq(read(to_test[0], &c, 1), 1);
	ck_assert_int_eq(syscalls_read(&counted, &after), 0);
	ck_assert_uint_ge(after - before, 3 * CALLS);
	ck_assert_uint_le(after - before, 3 * CALLS + OTHERS);
	end(pid);
}
END_TEST

START_TEST(test_nobody)
{
	uint64_t sum;

	ck_assert_int_eq(syscalls_open(&counted, 0), -ESRCH);
	ck_assert_int_eq(syscalls_read(&counted, &sum), -ENODATA);
	syscalls_close(&counted);
	syscalls_close(&counted);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { test_all_count, test_nobody };
	char why[256];

	if (!syscalls_possible(why, sizeof(why)))
		return SUITE_RUN("syscalls", tests, NULL, NULL);
	puts(why);
	return 77;
}
