/* SPDX-License-Identifier: MIT */
/* Context switches of threads that wait so often as the test says. */
#include "compare/measure/tasks.h"

#include "unit_suite.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WAITS = 100 };

static int to_child[2], to_test[2];

static void hear(int fd)
{
	char c;

	if (read(fd, &c, 1) != 1)
		_exit(1);
}

static void say(int fd)
{
	if (write(fd, "", 1) != 1)
		_exit(1);
}

/* A sleep is a wait for sure: one voluntary switch. */
static void *sleep_often(void *arg)
{
	for (int i = 0; i < WAITS; i++)
		nanosleep(&(struct timespec) { .tv_nsec = 50000 }, NULL);
	say(to_test[1]);
	for (;;)
		pause();
	return arg;
}

static void *end_when_told(void *arg)
{
	say(to_test[1]);
	hear(to_child[0]);
	return arg;
}

static void two_sleep(void)
{
	pthread_t t;

	say(to_test[1]);
	hear(to_child[0]);
	pthread_create(&t, NULL, sleep_often, NULL);
	sleep_often(NULL);
}

static void one_ends(void)
{
	pthread_t t;

	pthread_create(&t, NULL, end_when_told, NULL);
	pthread_join(t, NULL);
	say(to_test[1]);
	for (;;)
		pause();
}

static pid_t child(void (*body)(void))
{
	pid_t pid;

	ck_assert_int_eq(pipe(to_child), 0);
	ck_assert_int_eq(pipe(to_test), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		body();
	}
	hear(to_test[0]);
	return pid;
}

static void end(pid_t pid, struct tasks *a, struct tasks *b)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	tasks_free(a);
	tasks_free(b);
}

START_TEST(test_counts_waits)
{
	struct tasks before = { NULL, 0, 0 }, after = { NULL, 0, 0 };
	struct switches had;
	pid_t pid = child(two_sleep);

	ck_assert_int_eq(tasks_read(pid, &before), 0);
	ck_assert_uint_eq(before.count, 1);
	say(to_child[1]);
	hear(to_test[0]);
	hear(to_test[0]);
	ck_assert_int_eq(tasks_read(pid, &after), 0);
	ck_assert_uint_eq(after.count, 2);
	ck_assert(tasks_between(&before, &after, &had));
	ck_assert_uint_ge(had.voluntary, 2 * WAITS);
	ck_assert_uint_le(had.voluntary, 4 * WAITS);
	end(pid, &before, &after);
}
END_TEST

/* What an ended thread has had is told to nobody: then there is no sum. */
START_TEST(test_ended_thread)
{
	struct tasks before = { NULL, 0, 0 }, after = { NULL, 0, 0 };
	struct switches had;
	pid_t pid = child(one_ends);

	ck_assert_int_eq(tasks_read(pid, &before), 0);
	ck_assert_uint_eq(before.count, 2);
	ck_assert(tasks_between(&before, &before, &had));
	ck_assert_uint_eq(had.voluntary, 0);
	say(to_child[1]);
	hear(to_test[0]);
	do /* the joined thread may be seen a moment longer */
		ck_assert_int_eq(tasks_read(pid, &after), 0);
	while (after.count > 1);
	ck_assert(!tasks_between(&before, &after, &had));
	end(pid, &before, &after);
}
END_TEST

START_TEST(test_nobody)
{
	struct tasks t = { NULL, 0, 0 };

	ck_assert_int_eq(tasks_read(0, &t), -ESRCH);
	ck_assert_uint_eq(tasks_sum(&t).voluntary, 0);
	tasks_free(&t);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_counts_waits,
		test_ended_thread,
		test_nobody,
	};

	return SUITE_RUN("tasks", tests, NULL, NULL);
}
