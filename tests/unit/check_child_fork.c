/* SPDX-License-Identifier: MIT */
/* The beginning of a child. */
#include "core/child.h"

#include "core/control.h"
#include "core/host.h"

#include "service_fixture.h"

#include <signal.h>

static int handlers_called;

static void on_fork(void)
{
	handlers_called++;
}

static pid_t fork_for(struct host *its)
{
	struct modus_service s = { .host = its };
	pid_t pid = child_fork(&s);

	if (pid == 0)
		_exit(handlers_called);
	return pid;
}

/* A library that must do something at a fork has its handler called. */
START_TEST(test_fork)
{
	struct host application = { 0 };

	pthread_atfork(NULL, NULL, on_fork);
	ck_assert_int_eq(WEXITSTATUS(await_child(fork_for(&application))), 1);
	ck_assert_int_eq(WEXITSTATUS(await_child(fork_for(NULL))), 1);
}
END_TEST

static struct modus_listener listener = { .fd = -1, .datagram = true };

/* Forks a child that begins to serve c, does what, and tells what came of it. */
static int run_child(struct modus_conn *c, int (*what)(struct modus_conn *c))
{
	pid_t pid;

	rig.model.capabilities = MODUS_PROCESSES;
	ck_assert_int_eq(control_open(&rig.service), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		child_begin(&rig.service, c);
		_exit(what(c));
	}
	control_close(&rig.service);
	return await_child(pid);
}

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

static int look_at_descriptors(struct modus_conn *c)
{
	return is_open(c->fd) + 2 * is_open(listener.fd) + 4 * (control_fd(&rig.service) >= 0) +
	       8 * is_open(rig.service.cancel_fd);
}

START_TEST(test_descriptors)
{
	struct modus_conn *c = rig_connect();
	int status;

	listener.fd = dup(0);
	rig.listeners = (struct listeners) { 1, &listener };
	status = run_child(c, look_at_descriptors);
	ck_assert_int_eq(WEXITSTATUS(status), 1 + 8);
	ck_assert(is_open(listener.fd));
	close(listener.fd);
	rig_close(c);
}
END_TEST

/* TERM ends the wait for a request, as a drain does, and not the child. */
static int wait_for_term(struct modus_conn *c)
{
	char buf[1];
	ssize_t n;

	atomic_store(&c->parked, CONN_IDLE);
	rig_phase(PHASE_DRAINING);
	kill(getpid(), SIGTERM);
	n = recv(c->fd, buf, 1, 0);
	return n == 0 ? 7 : 8;
}

START_TEST(test_term)
{
	struct modus_conn *c = rig_connect();
	int status = run_child(c, wait_for_term);

	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 7);
	rig_close(c);
}
END_TEST

/* The drain may begin before a host's child, where TERM has its default action, is ready for it. */
START_TEST(test_term_before_it_begins)
{
	struct host application = { .stop_fd = eventfd(0, EFD_CLOEXEC) };
	struct modus_conn *c = rig_connect();
	sigset_t mask;
	int status;
	pid_t pid;

	rig.model.capabilities = MODUS_PROCESSES;
	rig.service.host = &application;
	ck_assert_int_eq(control_open(&rig.service), 0);
	pid = child_fork(&rig.service);
	if (pid == 0) {
		raise(SIGTERM);
		child_begin(&rig.service, c);
		_exit(modus_draining(c) ? 7 : 8);
	}
	pthread_sigmask(SIG_BLOCK, NULL, &mask);
	ck_assert(!sigismember(&mask, SIGTERM)); /* for the host it is as it was */
	status = await_child(pid);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 7);
	control_close(&rig.service);
	close(application.stop_fd);
	rig_close(c);
}
END_TEST

static int serve_on(struct modus_conn *c)
{
	char buf[8];

	kill(getpid(), SIGTERM);
	return (int)modus_read(c, buf, sizeof(buf));
}

START_TEST(test_term_while_it_serves)
{
	struct modus_conn *c = rig_connect();
	int status;

	rig_say("hello");
	status = run_child(c, serve_on);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 5);
	rig_close(c);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_fork,
		test_descriptors,
		test_term,
		test_term_before_it_begins,
		test_term_while_it_serves,
	};

	return SUITE_RUN("child_fork", tests, rig_set_up, rig_end);
}
