/* SPDX-License-Identifier: MIT */
/* Trees of real processes: each says over a pipe that it is where the test wants it, and what CPU
 * time it and the children it waited for have had by its own clocks. */
#include "compare/measure/tree.h"

#include "unit_suite.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BLOCK = 8 << 20 };

static int pipes[2];
static pid_t server;
static struct tree_usage u; /* what was seen of it */

static double cpu_now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void burn(double seconds)
{
	double end = cpu_now(CLOCK_THREAD_CPUTIME_ID) + seconds;

	while (cpu_now(CLOCK_THREAD_CPUTIME_ID) < end)
		;
}

static pid_t child(void (*body)(void))
{
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		body();
		_exit(0);
	}
	return pid;
}

static double cpu_waited_for(void)
{
	struct rusage used;

	getrusage(RUSAGE_CHILDREN, &used);
	return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
	       (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static void say(double cpu)
{
	ck_assert_int_eq(write(pipes[1], &cpu, sizeof(cpu)), sizeof(cpu));
}

static void say_own(void)
{
	say(cpu_now(CLOCK_PROCESS_CPUTIME_ID) + cpu_waited_for());
}

/* Their CPU time together. */
static double hear(int times)
{
	double sum = 0, cpu = 0;

	while (times--) {
		ck_assert_int_eq(read(pipes[0], &cpu, sizeof(cpu)), sizeof(cpu));
		sum += cpu;
	}
	return sum;
}

/* Every part burnt is more than the tolerance: one forgotten, or counted twice, is seen. */
static void assert_cpu(double found, double said)
{
	ck_assert_double_ge(found, said - 0.04);
	ck_assert_double_le(found, said + 0.04);
}

static void end(void)
{
	if (!server)
		return;
	kill(server, SIGKILL);
	ck_assert_int_eq(waitpid(server, NULL, 0), server);
	server = 0;
}

/* Starts a server and looks at it, when so many of its processes and threads have said what they
 * used: the sum of that. */
static double see(void (*body)(void), int times, bool memory)
{
	double said;

	server = child(body);
	said = hear(times);
	ck_assert_int_eq(tree_read(server, memory, &u), 0);
	return said;
}

static void wait_forever(void)
{
	say_own();
	for (;;)
		pause();
}

static void burn_and_end(void)
{
	burn(0.2);
}

static void burn_and_stay(void)
{
	burn(0.1);
	wait_forever();
}

/* 0.2 s in a child that was waited for, 0.1 s in one that lives, 0.1 s of its own. */
static void family(void)
{
	pid_t ended = child(burn_and_end);

	waitpid(ended, NULL, 0);
	child(burn_and_stay);
	burn(0.1);
	wait_forever();
}

START_TEST(test_cpu_counts_each_once)
{
	double said = see(family, 2, false);

	ck_assert_double_ge(said, 0.39);
	assert_cpu(u.cpu, said);
	ck_assert_uint_eq(u.processes, 2);
	ck_assert_uint_eq(u.threads, 2);
	ck_assert_uint_eq(u.memory, 0);
}
END_TEST

static void burn_and_say(void)
{
	burn(0.2);
	say_own();
}

static void leave_a_zombie(void)
{
	pid_t pid = child(burn_and_say);
	siginfo_t info;

	waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
	wait_forever();
}

START_TEST(test_zombie_counts_its_cpu_only)
{
	double said = see(leave_a_zombie, 2, true);

	assert_cpu(u.cpu, said);
	ck_assert_uint_eq(u.processes, 1);
}
END_TEST

static void *thread_burn(void *arg)
{
	burn(0.1);
	return arg;
}

static void *thread_stay(void *arg)
{
	say(0);
	for (;;)
		pause();
	return arg;
}

static void with_threads(void)
{
	pthread_t t;

	pthread_create(&t, NULL, thread_burn, NULL);
	pthread_join(t, NULL);
	for (int i = 0; i < 3; i++)
		pthread_create(&t, NULL, thread_stay, NULL);
	wait_forever();
}

START_TEST(test_threads_ended_ones_count)
{
	double said = see(with_threads, 4, false);

	while (u.threads > 4) /* the joined thread may be seen a moment longer */
		ck_assert_int_eq(tree_read(server, false, &u), 0);
	ck_assert_uint_eq(u.threads, 4);
	ck_assert_uint_eq(u.processes, 1);
	assert_cpu(u.cpu, said);
}
END_TEST

/* Four processes share one block: PSS counts it once, RSS would count it four times. */
static void share_block(void)
{
	char *block = mmap(NULL, BLOCK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	memset(block, 1, BLOCK);
	for (int i = 0; i < 3; i++)
		child(wait_forever);
	wait_forever();
}

START_TEST(test_memory_shared_counts_once)
{
	see(share_block, 4, true);
	ck_assert_uint_eq(u.processes, 4);
	ck_assert(!u.rss);
	ck_assert_uint_ge(u.memory, BLOCK);
	ck_assert_uint_le(u.memory, 2 * BLOCK);
}
END_TEST

/* Long enough for ticks to tell, and hardly a system call in it. */
static void burn_own(void)
{
	volatile unsigned n = 0;

	while (cpu_now(CLOCK_THREAD_CPUTIME_ID) < 0.4)
		for (int i = 0; i < 1000000; i++)
			n++;
	wait_forever();
}

START_TEST(test_user_time)
{
	see(burn_own, 1, false);
	ck_assert_double_ge(u.user, 0.2);
	ck_assert_double_le(u.system, 0.2);
	ck_assert_double_eq(u.faint, 0);
	ck_assert_double_eq(u.waited, 0);
}
END_TEST

static void burn_and_wait(void)
{
	pid_t ended = child(burn_and_end);

	waitpid(ended, NULL, 0);
	wait_forever();
}

/* Of a process that is hardly old, and of ended children, ticks do not say what is whose. */
START_TEST(test_faint_time)
{
	see(burn_and_wait, 1, false);
	assert_cpu(u.waited, 0.2);
	assert_cpu(u.waited + u.faint, u.cpu);
}
END_TEST

static void give_back(void)
{
	char *block = mmap(NULL, BLOCK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	memset(block, 1, BLOCK);
	munmap(block, BLOCK);
	wait_forever();
}

START_TEST(test_peak)
{
	see(give_back, 1, true);
	ck_assert_uint_ge(u.peak, u.memory + BLOCK - BLOCK / 8);
	ck_assert_uint_le(u.peak, u.memory + 2 * BLOCK);
	ck_assert_uint_ge(u.minor_faults, BLOCK / 4096 / 512);
}
END_TEST

START_TEST(test_no_such_process)
{
	pid_t gone;

	see(wait_forever, 1, false);
	gone = server;
	end();
	ck_assert_int_eq(tree_read(gone, true, &u), -ESRCH);
}
END_TEST

static void open_pipe(void)
{
	ck_assert_int_eq(pipe(pipes), 0);
}

int main(void)
{
	const TTest *const tests[] = {
		test_cpu_counts_each_once,
		test_zombie_counts_its_cpu_only,
		test_threads_ended_ones_count,
		test_memory_shared_counts_once,
		test_user_time,
		test_faint_time,
		test_peak,
		test_no_such_process,
	};

	return SUITE_RUN("tree", tests, open_pipe, end);
}
