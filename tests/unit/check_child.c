/* SPDX-License-Identifier: MIT */
#include "core/child.h"

#include "core/control.h"
#include "core/host.h"

#include "service_fixture.h"

#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/pidfd.h>

enum { PLACES = 4 };

static pid_t pids[PLACES];
static bool crashes[PLACES];
static int count_ended;

static void on_end(void *arg, size_t place, bool crashed)
{
	ck_assert_ptr_eq(arg, &count_ended);
	crashes[place] = crashed;
	count_ended++;
}

static void reap(void)
{
	child_reap(pids, PLACES, on_end, &count_ended);
}

static pid_t fork_exit(int status)
{
	pid_t pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid == 0)
		_exit(status);
	return pid;
}

/* Waits until pid has ended and leaves it to be collected. */
static void await_end(pid_t pid)
{
	siginfo_t info;

	ck_assert_int_eq(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
}

START_TEST(test_reaps_ours)
{
	pids[1] = fork_exit(3);
	pids[3] = fork_exit(4);
	await_end(pids[1]);
	await_end(pids[3]);
	reap();
	ck_assert_int_eq(count_ended, 2);
	ck_assert(!crashes[1] && !crashes[3]);
	ck_assert(!pids[1] && !pids[3]);
	reap();
	ck_assert_int_eq(count_ended, 2);
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
}
END_TEST

START_TEST(test_leaves_the_living)
{
	pid_t alive = pids[0] = fork();

	if (alive == 0)
		for (;;)
			pause();
	reap();
	ck_assert_int_eq(count_ended, 0);
	ck_assert_int_eq(pids[0], alive);
	kill(alive, SIGKILL);
	await_end(alive);
	reap();
	ck_assert_int_eq(count_ended, 1);
	ck_assert(crashes[0]);
}
END_TEST

START_TEST(test_leaves_foreign_ones)
{
	pid_t foreign = fork_exit(5);

	await_end(foreign);
	reap();
	ck_assert_int_eq(count_ended, 0);
	ck_assert_int_eq(WEXITSTATUS(await_child(foreign)), 5);
}
END_TEST

/* Whoever made a foreign child may be slow to collect it: ours end meanwhile. */
START_TEST(test_foreign_ones_hide_none)
{
	pid_t foreign = fork_exit(5);

	await_end(foreign);
	pids[2] = fork_exit(6);
	await_end(pids[2]);
	reap();
	ck_assert_int_eq(WEXITSTATUS(await_child(foreign)), 5);
	ck_assert_int_eq(count_ended, 1);
	ck_assert_int_eq(pids[2], 0);
}
END_TEST

/* A host's careless handler of SIGCHLD took the exit: the child has ended all the same. */
START_TEST(test_each_that_others_took)
{
	pid_t alive = pids[0] = fork();

	if (alive == 0)
		for (;;)
			pause();
	pids[3] = fork_exit(0);
	await_child(pids[3]);
	child_reap_each(pids, PLACES, on_end, &count_ended);
	ck_assert_int_eq(count_ended, 1);
	ck_assert(!crashes[3]);
	ck_assert_int_eq(pids[0], alive);
	ck_assert_int_eq(pids[3], 0);
	kill(alive, SIGKILL);
	await_child(alive);
}
END_TEST

START_TEST(test_crashed)
{
	pid_t pid = fork_exit(0);

	ck_assert(!child_crashed(pid, await_child(pid)));
	pid = fork_exit(1);
	ck_assert(!child_crashed(pid, await_child(pid)));
	pid = fork();
	if (pid == 0) {
		signal(SIGTERM, SIG_DFL);
		raise(SIGTERM);
	}
	ck_assert(child_crashed(pid, await_child(pid)));
}
END_TEST

/* ---- Watching, where a host has the signals ---- */

static int pidfd_error, epoll_error;

int __real_pidfd_open(pid_t pid, unsigned flags);
int __wrap_pidfd_open(pid_t pid, unsigned flags);
int __wrap_pidfd_open(pid_t pid, unsigned flags)
{
	errno = pidfd_error;
	return pidfd_error ? -1 : __real_pidfd_open(pid, flags);
}

int __real_epoll_ctl(int ep, int op, int fd, struct epoll_event *e);
int __wrap_epoll_ctl(int ep, int op, int fd, struct epoll_event *e);
int __wrap_epoll_ctl(int ep, int op, int fd, struct epoll_event *e)
{
	errno = epoll_error;
	return epoll_error ? -1 : __real_epoll_ctl(ep, op, fd, e);
}

static void reap_all(struct modus_service *s)
{
	reap();
}

/* The lowest free descriptor tells whether one is left open. */
static int next_descriptor(void)
{
	int fd = dup(0);

	close(fd);
	return fd;
}

static struct host host = { .stop_fd = -1 };

static void begin_hosted(void)
{
	host.stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	rig.service.host = &host;
	rig.model.capabilities = MODUS_PROCESSES;
	rig.model.reap = reap_all;
	ck_assert_int_eq(control_open(&rig.service), 0);
}

/* valgrind 3.19 does not. */
static bool knows_pidfds(const char *test)
{
	int fd = __real_pidfd_open(getpid(), 0);

	if (fd < 0 && errno == ENOSYS) {
		printf("left out: %s, there is no pidfd_open() here\n", test);
		return false;
	}
	close(fd);
	return true;
}

static void end_hosted(void)
{
	control_close(&rig.service);
	close(host.stop_fd);
}

START_TEST(test_watches_without_signals)
{
	int watched;

	if (!knows_pidfds("watches_without_signals"))
		return;
	ck_assert_int_eq(child_watch(&rig.service, getpid(), &watched), 0);
	ck_assert_int_eq(watched, -1); /* without a host there is no need */
	child_unwatch(&rig.service, watched);
	begin_hosted();
	pids[1] = fork_exit(0);
	ck_assert_int_eq(child_watch(&rig.service, pids[1], &watched), 0);
	ck_assert_int_ge(watched, 0);
	while (count_ended == 0)
		control_wait(&rig.service, 20000);
	ck_assert_int_eq(pids[1], 0);
	child_unwatch(&rig.service, watched);
	ck_assert(fcntl(watched, F_GETFD) < 0);
	end_hosted();
}
END_TEST

START_TEST(test_what_cannot_be_watched)
{
	int watched = 77, before;

	if (!knows_pidfds("what_cannot_be_watched"))
		return;
	begin_hosted();
	before = next_descriptor();
	pidfd_error = EMFILE;
	ck_assert_int_eq(child_watch(&rig.service, getpid(), &watched), -EMFILE);
	ck_assert_int_eq(watched, -1);
	pidfd_error = 0;
	epoll_error = ENOSPC;
	watched = 77;
	ck_assert_int_eq(child_watch(&rig.service, getpid(), &watched), -ENOSPC);
	ck_assert_int_eq(watched, -1);
	epoll_error = 0;
	pids[0] = fork_exit(0);
	await_child(pids[0]);
	ck_assert_int_eq(child_watch(&rig.service, pids[0], &watched), -ESRCH);
	pids[0] = 0;
	ck_assert_int_eq(next_descriptor(), before);
	end_hosted();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_reaps_ours,
		test_leaves_the_living,
		test_leaves_foreign_ones,
		test_foreign_ones_hide_none,
		test_each_that_others_took,
		test_crashed,
		test_watches_without_signals,
		test_what_cannot_be_watched,
	};

	return SUITE_RUN("child", tests, rig_set_up, rig_end);
}
