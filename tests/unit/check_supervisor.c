/* SPDX-License-Identifier: MIT */
/*
 * The supervisor runs in a child of the test; what its services did stands in memory that all
 * share. The test adopts whoever loses his parent, so that nobody who is left behind stays unseen.
 */
#include "core/supervisor.h"

#include "core/clock.h"
#include "core/log.h"

#include "unit_suite.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>

enum { RESTARTS = 4 };

static struct {
	_Atomic int starts, ready, told; /* services begun, ready, told to end */
	_Atomic int pid[8], grandchild;
	_Atomic int port[8];
} * seen;

static struct plan_service services[2];
static struct plan plan;
static pid_t supervisor;

static size_t one_worker(const void *settings)
{
	return 1;
}

static void make_plan(size_t count)
{
	static const struct modus_model model = { .name = "none", .workers = one_worker };
	static const char *const listen[] = { "tcp://127.0.0.1:0" };

	for (size_t i = 0; i < 2; i++)
		services[i] = (struct plan_service) { .name = i ? "second" : "first",
						      .model = &model,
						      .listen = { 1, listen },
						      .backlog = 5 };
	plan.control = "";
	plan.services = (struct modus_list) { count, services };
}

static void start(size_t count, supervisor_serve *serve)
{
	make_plan(count);
	supervisor = fork();
	ck_assert_int_ge(supervisor, 0);
	if (supervisor == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL); /* where the test fails */
		_exit(-supervisor_run(&plan, serve));
	}
}

/* The supervisor's exit status, once it has ended. */
static int await_supervisor(void)
{
	int status = await_child(supervisor);

	supervisor = 0;
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void ck_gone(pid_t pid)
{
	ck_assert_int_gt(pid, 0);
	ck_assert_int_eq(kill(pid, 0), -1);
	ck_assert_int_eq(errno, ESRCH);
}

/* ---- Services ---- */

static void on_term(int number)
{
	seen->told++;
}

/* Every service begins so: returns how many began before it. */
static int begin(size_t index, struct listeners *l)
{
	int n = seen->starts++;

	if (n < 8) {
		seen->pid[n] = getpid();
		seen->port[n] = ntohs(l->all[0].address.in.sin_port);
	}
	return n;
}

static void be_ready(void (*ready)(void *arg), void *arg)
{
	sigset_t term;

	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	ready(arg);
	seen->ready++;
}

static int await_term(void)
{
	sigset_t term;
	int number;

	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigwait(&term, &number);
	on_term(number);
	return 0;
}

static int serve_well(size_t index, struct listeners *l, struct scoreboard *b,
		      void (*ready)(void *arg), void *arg)
{
	begin(index, l);
	be_ready(ready, arg);
	return await_term();
}

START_TEST(test_term)
{
	start(2, serve_well);
	AWAIT(seen->ready == 2);
	kill(supervisor, SIGTERM);
	ck_assert_int_eq(await_supervisor(), 0);
	ck_assert_int_eq(seen->told, 2);
	ck_assert_int_eq(seen->starts, 2);
	ck_gone(seen->pid[0]);
	ck_gone(seen->pid[1]);
}
END_TEST

/* ---- Restarts ---- */

static int serve_and_crash(size_t index, struct listeners *l, struct scoreboard *b,
			   void (*ready)(void *arg), void *arg)
{
	int n = begin(index, l);

	be_ready(ready, arg);
	if (n == RESTARTS)
		return await_term();
	b->served = 1;
	raise(SIGKILL);
	return 0;
}

static int crash(size_t index, struct listeners *l, struct scoreboard *b, void (*ready)(void *arg),
		 void *arg)
{
	int n = begin(index, l);

	be_ready(ready, arg);
	if (n == RESTARTS)
		return await_term();
	b->served = 0;
	return 1;
}

/* Milliseconds until the service has been restarted so many times. */
static int64_t time_restarts(supervisor_serve *serve)
{
	int64_t began = clock_ms();

	start(1, serve);
	AWAIT(seen->ready == RESTARTS + 1);
	began = clock_ms() - began;
	kill(supervisor, SIGTERM);
	ck_assert_int_eq(await_supervisor(), 0);
	for (int i = 1; i <= RESTARTS; i++) {
		ck_assert_int_ne(seen->pid[i], seen->pid[i - 1]);
		ck_assert_int_eq(seen->port[i], seen->port[0]);
	}
	return began;
}

START_TEST(test_restarts_at_once)
{
	ck_assert_int_lt(time_restarts(serve_and_crash), 100 + 200 + 400 + 800);
}
END_TEST

START_TEST(test_restarts_later_and_later)
{
	ck_assert_int_ge(time_restarts(crash), 100 + 200 + 400 + 800);
}
END_TEST

/* The other service goes on meanwhile. */
static int first_crashes(size_t index, struct listeners *l, struct scoreboard *b,
			 void (*ready)(void *arg), void *arg)
{
	int n = begin(index, l);

	be_ready(ready, arg);
	if (index == 0 && n < 2) {
		while (seen->ready < 2)
			usleep(1000);
		return 1;
	}
	return await_term();
}

START_TEST(test_one_crashes)
{
	start(2, first_crashes);
	AWAIT(seen->ready == 3);
	ck_assert_int_eq(seen->told, 0);
	kill(supervisor, SIGINT);
	ck_assert_int_eq(await_supervisor(), 0);
	ck_assert_int_eq(seen->told, 2);
}
END_TEST

static int second_fails(size_t index, struct listeners *l, struct scoreboard *b,
			void (*ready)(void *arg), void *arg)
{
	begin(index, l);
	if (index == 0) {
		be_ready(ready, arg);
		return await_term();
	}
	while (!seen->ready)
		usleep(1000);
	return 3;
}

START_TEST(test_fails_at_first_start)
{
	start(2, second_fails);
	ck_assert_int_ne(await_supervisor(), 0);
	ck_assert_int_eq(seen->told, 1);
	ck_assert_int_eq(seen->starts, 2);
}
END_TEST

/* ---- Those who stay ---- */

/* A process of the service that ends only when it is told to, or never. */
static void fork_grandchild(bool stubborn)
{
	pid_t pid = fork();

	if (pid == 0) {
		alarm(60); /* where the test fails, nobody else ends it */
		if (!stubborn)
			_exit(await_term());
		for (;;)
			pause();
	}
	seen->grandchild = pid;
}

static int serve_stubbornly(size_t index, struct listeners *l, struct scoreboard *b,
			    void (*ready)(void *arg), void *arg)
{
	begin(index, l);
	be_ready(ready, arg);
	fork_grandchild(true);
	await_term();
	while (pause())
		continue;
	return 0;
}

START_TEST(test_second_term_kills)
{
	int status;

	start(1, serve_stubbornly);
	AWAIT(seen->grandchild);
	kill(supervisor, SIGTERM);
	AWAIT(seen->told);
	kill(supervisor, SIGTERM);
	ck_assert_int_eq(await_supervisor(), 0);
	ck_gone(seen->pid[0]);
	status = await_child(seen->grandchild);
	ck_assert(WIFSIGNALED(status));
	ck_assert_int_eq(WTERMSIG(status), SIGKILL);
}
END_TEST

static int leave_orphan(size_t index, struct listeners *l, struct scoreboard *b,
			void (*ready)(void *arg), void *arg)
{
	int n = begin(index, l);

	be_ready(ready, arg);
	if (n == 0) {
		b->served = 1;
		fork_grandchild(false);
		raise(SIGKILL);
	}
	return await_term();
}

START_TEST(test_orphans_are_told)
{
	start(1, leave_orphan);
	AWAIT(seen->ready == 2);
	ck_assert_int_eq(WEXITSTATUS(await_child(seen->grandchild)), 0);
	ck_assert_int_eq(seen->told, 1);
	kill(supervisor, SIGTERM);
	ck_assert_int_eq(await_supervisor(), 0);
}
END_TEST

START_TEST(test_supervisor_is_killed)
{
	start(2, serve_well);
	AWAIT(seen->ready == 2);
	kill(supervisor, SIGKILL);
	await_child(supervisor);
	supervisor = 0;
	await_child(seen->pid[0]);
	await_child(seen->pid[1]);
	ck_assert_int_eq(seen->told, 2);
}
END_TEST

static int serve_here(size_t index, struct listeners *l, struct scoreboard *b,
		      void (*ready)(void *arg), void *arg)
{
	begin(index, l);
	seen->ready++;
	ready(arg);
	return index == 7 ? -EXDEV : 0;
}

START_TEST(test_foreground)
{
	make_plan(1);
	ck_assert_int_eq(supervisor_foreground(&services[0], 7, serve_here), -EXDEV);
	ck_assert_int_eq(supervisor_foreground(&services[0], 0, serve_here), 0);
	ck_assert_int_eq(seen->pid[0], getpid());
	ck_assert_int_eq(seen->pid[1], getpid());
}
END_TEST

static void set_up(void)
{
	seen = mmap(NULL, sizeof(*seen), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(seen, MAP_FAILED);
	log_setup(PLAN_LOG_TEXT, MODUS_ERROR);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
}

/* Nobody is left: neither a process of the supervisor, nor one that it lost. */
static void tear_down(void)
{
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
	ck_assert_int_eq(errno, ECHILD);
	munmap(seen, sizeof(*seen));
}

int main(void)
{
	const TTest *const tests[] = {
		test_term,
		test_restarts_at_once,
		test_restarts_later_and_later,
		test_one_crashes,
		test_fails_at_first_start,
		test_second_term_kills,
		test_orphans_are_told,
		test_supervisor_is_killed,
		test_foreground,
	};

	return SUITE_RUN("supervisor", tests, set_up, tear_down);
}
