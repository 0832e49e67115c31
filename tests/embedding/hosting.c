/* SPDX-License-Identifier: MIT */
/* The process stays the application's: its signals, its children, its other servers. */
#include "tests/embedding/harness.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>

static struct modus_server *signalled;

static void stop_it(int number)
{
	modus_server_stop(signalled);
}

/* As an application ends that serves in its only thread. */
START_TEST(test_stop_in_a_signal_handler)
{
	struct sigaction act = { .sa_handler = stop_it };

	signalled = make("line", "tcp://127.0.0.1:0", NULL);
	sigaction(SIGTERM, &act, NULL);
	sigaction(SIGALRM, &act, NULL);
	for (int i = 0; i < 3; i++) {
		struct itimerspec soon = { .it_value = { 0, 20000000 } };
		struct sigevent e = { .sigev_notify = SIGEV_SIGNAL,
				      .sigev_signo = i ? SIGTERM : SIGALRM };
		timer_t timer;

		ASSERT_OK(timer_create(CLOCK_MONOTONIC, &e, &timer));
		ASSERT_OK(timer_settime(timer, 0, &soon, NULL));
		if (i < 2)
			ASSERT_OK(modus_server_serve_forever(signalled));
		else
			ck_assert_int_eq(modus_server_handle_request(signalled, MODUS_FOREVER),
					 -ECANCELED);
		timer_delete(timer);
	}
	modus_server_free(signalled);
}
END_TEST

/* Signal dispositions, but SIGURG's and SIGSEGV's, and the mask are as they were, then and after.
 */
START_TEST(test_signals_are_the_applications)
{
	struct modus_server *s = make("line", "tcp://127.0.0.1:0", NULL);
	struct sigaction act = { .sa_handler = stop_it };
	sigset_t before, after;
	struct serving v;
	int fd;

	for (int i = 1; i < SIGRTMIN; i++)
		if (i != SIGKILL && i != SIGSTOP && i != SIGSEGV)
			sigaction(i,
				  i == SIGCHLD ? &(struct sigaction) { .sa_handler = SIG_IGN }
					       : &act,
				  NULL);
	pthread_sigmask(SIG_SETMASK, NULL, &before);
	start_serving(&v, s);
	fd = client(s);
	say(fd, "x\n");
	hear(fd, "x\n");
	hear_end(fd);
	for (int i = 1; i < SIGRTMIN; i++) {
		struct sigaction now;

		if (i == 32 || i == 33 || sigaction(i, NULL, &now) || i == SIGKILL ||
		    i == SIGSTOP || i == SIGSEGV)
			continue;
		ck_assert_msg(now.sa_handler == (i == SIGCHLD ? SIG_IGN : stop_it), "signal %d", i);
	}
	ASSERT_OK(stop_serving(&v));
	signal(SIGALRM, SIG_DFL);
	modus_server_stop(s);
	ASSERT_OK(modus_server_serve_forever(s));
	ck_assert_int_eq(modus_server_handle_request(s, 0), 0);
	pthread_sigmask(SIG_SETMASK, NULL, &after);
	for (int i = 1; i < SIGRTMIN; i++)
		ck_assert_int_eq(sigismember(&before, i), sigismember(&after, i));
	close(fd);
	modus_server_free(s);
}
END_TEST

/* A child of the application's ends while clients are served: its status is still there. */
START_TEST(test_children_are_the_applications)
{
	struct modus_server *s = make("line", "tcp://127.0.0.1:0", NULL);
	pid_t child = fork();
	struct serving v;
	siginfo_t info;
	int status;

	if (child == 0)
		_exit(7);
	ASSERT_OK(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT));
	start_serving(&v, s);
	for (int i = 0; i < 3; i++) {
		int fd = client(s);

		say(fd, "x\n");
		hear(fd, "x\n");
		hear_end(fd);
		close(fd);
	}
	ASSERT_OK(stop_serving(&v));
	ck_assert_int_eq(waitpid(child, &status, WNOHANG), child);
	ck_assert_int_eq(WEXITSTATUS(status), 7);
	modus_server_free(s);
}
END_TEST

/* The application takes the exit of any child, as a careless SIGCHLD handler does. */
START_TEST(test_children_that_the_application_reaps)
{
	struct modus_server *s = make("line", "tcp://127.0.0.1:0", NULL);
	struct serving v;

	start_serving(&v, s);
	for (int i = 0; i < 10; i++) {
		int fd = client(s);

		say(fd, "x\n");
		hear(fd, "x\n");
		hear_end(fd);
		while (waitpid(-1, NULL, WNOHANG) > 0)
			continue;
		close(fd);
	}
	ASSERT_OK(stop_serving(&v));
	modus_server_free(s);
}
END_TEST

START_TEST(test_service_actions)
{
	struct modus_server *s = make("line", "tcp://127.0.0.1:0", NULL);
	struct serving v;
	int seen;

	start_serving(&v, s);
	AWAIT(subject.seen->actions >= 3); /* though nobody comes */
	ASSERT_OK(stop_serving(&v));
	ck_assert_int_eq(subject.seen->timeouts, 0); /* that is handle_request()'s alone */
	seen = subject.seen->actions;
	ck_assert_int_eq(modus_server_handle_request(s, 100), 0); /* nothing is served */
	ck_assert_int_eq(subject.seen->actions, seen);
	modus_server_free(s);
}
END_TEST

/* Two servers at once, each with its own state and its own end. */
START_TEST(test_two_servers)
{
	struct modus_server *s[2];
	struct serving v[2];
	int fd[2];

	for (int i = 0; i < 2; i++) {
		s[i] = make("lines", "tcp://127.0.0.1:0", NULL);
		start_serving(&v[i], s[i]);
		fd[i] = client(s[i]);
		say(fd[i], "one\n");
		hear(fd[i], "one\n");
	}
	ASSERT_OK(stop_serving(&v[0]));
	hear_end(fd[0]);
	say(fd[1], "two\n");
	hear(fd[1], "two\n");
	modus_server_free(s[0]);
	say(fd[1], "three\n");
	hear(fd[1], "three\n");
	ASSERT_OK(stop_serving(&v[1]));
	modus_server_free(s[1]);
	close(fd[0]);
	close(fd[1]);
}
END_TEST

static void *serve_unbound(void *arg)
{
	struct serving *v = arg;

	v->result = modus_server_serve_forever(v->server);
	return NULL;
}

/* They have the log in common, which each sets up when it is bound. */
START_TEST(test_two_begin_at_once)
{
	struct serving v[2];

	for (int i = 0; i < 2; i++)
		v[i].server = make("lines", "tcp://127.0.0.1:0", NULL);
	for (int i = 0; i < 2; i++)
		ASSERT_OK(pthread_create(&v[i].thread, NULL, serve_unbound, &v[i]));
	for (int i = 0; i < 2; i++) {
		modus_server_stop(v[i].server);
		ASSERT_OK(join_serving(&v[i]));
		modus_server_free(v[i].server);
	}
}
END_TEST

START_TEST(test_news_between_servers)
{
	const char *const names[] = { "watch", "tell" }, *const replies[] = { "watching\n",
									      "told\n" };
	struct modus_server *s[2];
	struct serving v[2];
	int fd[2];

	for (int i = 0; i < 2; i++) {
		s[i] = make(names[i], "tcp://127.0.0.1:0", NULL);
		start_serving(&v[i], s[i]);
		fd[i] = client(s[i]);
		say(fd[i], "x\n");
		hear(fd[i], replies[i]);
	}
	hear(fd[0], "news\n");
	for (int i = 0; i < 2; i++) {
		ASSERT_OK(stop_serving(&v[i]));
		modus_server_free(s[i]);
		close(fd[i]);
	}
}
END_TEST

/* At a limit clients wait, and each has its turn when one before it has ended. */
static void in_turn(const char *model_rows, const char *limits)
{
	struct modus_server_options o = options();
	struct modus_server *s = modus_server_new(&o, NULL, 0);
	struct serving v;
	int fd[5];

	ck_assert_ptr_nonnull(s);
	ASSERT_OK(modus_server_listen(s, "tcp://127.0.0.1:0"));
	ASSERT_OK(modus_server_model(s, subject.model->name, model_rows));
	ASSERT_OK(modus_server_handler(s, "line", NULL));
	ASSERT_OK(modus_server_set(s, "limits", limits));
	start_serving(&v, s);
	for (int i = 0; i < 5; i++)
		fd[i] = client(s);
	for (int i = 0; i < 5; i++) {
		say(fd[i], "x\n");
		hear(fd[i], "x\n");
		hear_end(fd[i]);
		close(fd[i]);
	}
	ASSERT_OK(stop_serving(&v));
	modus_server_free(s);
}

START_TEST(test_limit_of_connections)
{
	in_turn(subject.rows, "{ connections = 1; }");
}
END_TEST

START_TEST(test_max_children)
{
	in_turn("max_children = 2;", "{ connections = 100; }");
}
END_TEST

/* Where the handler runs: the socketserver classes differ in nothing else. */
START_TEST(test_who_runs_the_handler)
{
	struct modus_server *s = make("line", "tcp://127.0.0.1:0", NULL);
	int fd;

	ASSERT_OK(modus_server_activate(s));
	fd = client(s);
	say(fd, "x\n");
	ck_assert_int_eq(modus_server_handle_request(s, MODUS_FOREVER), 1);
	ck_assert(can(MODUS_PROCESSES) == (subject.seen->pid != getpid()));
	if (can(MODUS_THREADED))
		ck_assert_int_ne(subject.seen->tid, gettid());
	close(fd);
	modus_server_free(s);
}
END_TEST

void add_hosting(TCase *t)
{
	tcase_add_test(t, test_stop_in_a_signal_handler);
	tcase_add_test(t, test_signals_are_the_applications);
	tcase_add_test(t, test_children_are_the_applications);
	tcase_add_test(t, test_children_that_the_application_reaps);
	tcase_add_test(t, test_service_actions);
	tcase_add_test(t, test_two_servers);
	tcase_add_test(t, test_two_begin_at_once);
	tcase_add_test(t, test_news_between_servers);
	tcase_add_test(t, test_limit_of_connections);
	if (can(MODUS_PROCESSES))
		tcase_add_test(t, test_max_children);
	tcase_add_test(t, test_who_runs_the_handler);
}
