/* SPDX-License-Identifier: MIT */
/* Beginning and ending: shutdown, close, and what is left behind. */
#include "tests/embedding/harness.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

enum { SERVERS = 20, ROUNDS = 1024, CONNECTIONS = 50 };

START_TEST(test_shutdown)
{
	struct serving v[SERVERS];

	for (int i = 0; i < SERVERS; i++)
		start_serving(&v[i], make("line", "tcp://127.0.0.1:0", NULL));
	for (int i = 0; i < SERVERS; i++) {
		ASSERT_OK(stop_serving(&v[i]));
		modus_server_free(v[i].server);
	}
}
END_TEST

START_TEST(test_close_immediately)
{
	int before = open_descriptors();
	struct modus_server *s = make("line", "tcp://127.0.0.1:0", NULL);

	ASSERT_OK(modus_server_activate(s));
	ASSERT_OK(modus_server_close(s));
	modus_server_free(s);
	modus_server_free(make("line", "tcp://127.0.0.1:0", NULL));
	modus_server_free(NULL);
	ASSERT_OK(modus_server_close(NULL));
	ck_assert_int_eq(open_descriptors(), before);
}
END_TEST

/* Binding fails, and nothing stays open; nor where listening does: two that let the address be
 * reused may both bind, but not listen. */
START_TEST(test_tcpserver_bind_leak)
{
	struct modus_server *first = make("line", "tcp://127.0.0.1:0", NULL), *s;
	char address[100] = "tcp://";
	int before;

	ASSERT_OK(modus_server_bind(first));
	strcat(address, modus_server_address(first, 0)->text);
	s = make("line", address, NULL);
	ASSERT_OK(modus_server_bind(s));
	ASSERT_OK(modus_server_activate(first));
	ck_assert_int_eq(modus_server_activate(s), -EADDRINUSE);
	ck_assert_int_eq(modus_server_fd(s, 0), -EBADF);
	before = open_descriptors();
	ck_assert_ptr_nonnull(freopen("/dev/null", "w", stderr)); /* each failure is logged */
	for (int i = 0; i < ROUNDS; i++)
		ck_assert_int_eq(modus_server_bind(s), -EADDRINUSE);
	ck_assert_int_eq(open_descriptors(), before);
	modus_server_free(s);
	modus_server_free(first);
}
END_TEST

START_TEST(test_context_manager)
{
	struct modus_server *s = make("line", "tcp://127.0.0.1:0", NULL);

	ck_assert_ptr_null(modus_server_address(s, 0));
	ASSERT_OK(modus_server_activate(s));
	ck_assert_int_ge(modus_server_fd(s, 0), 0);
	ASSERT_OK(modus_server_close(s));
	ck_assert_int_eq(modus_server_fd(s, 0), -EBADF);
	ck_assert_ptr_null(modus_server_address(s, 0));
	ASSERT_OK(modus_server_close(s));
	ck_assert_int_eq(modus_server_bind(s), -EBADF);
	ck_assert_int_eq(modus_server_activate(s), -EBADF);
	ck_assert_int_eq(modus_server_serve_forever(s), -EBADF);
	ck_assert_int_eq(modus_server_handle_request(s, 0), -EBADF);
	modus_server_free(s);
}
END_TEST

/* No thread, child or descriptor is left of many connections, nor of many servings. */
START_TEST(test_threads_reaped)
{
	struct modus_server *s = make("line", "tcp://127.0.0.1:0", NULL);
	int descriptors, running, alone;
	struct serving v;

	start_serving(&v, s);
	ASSERT_OK(stop_serving(&v));
	alone = threads(); /* a sanitizer may have one; one that was joined may still be seen */
	start_serving(&v, s);
	running = open_descriptors(); /* one more or less where the thread begins */
	for (int i = 0; i < CONNECTIONS; i++) {
		int fd = client(s);

		say(fd, "x\n");
		hear(fd, "x\n");
		hear_end(fd);
		close(fd);
	}
	AWAIT(modus_server_count(s, "closed") == CONNECTIONS);
	AWAIT(open_descriptors() <= running + 20);
	ASSERT_OK(stop_serving(&v));
	AWAIT(threads() <= alone);
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
	ck_assert_int_eq(errno, ECHILD);
	descriptors = open_descriptors();
	for (int i = 0; i < 5; i++) {
		start_serving(&v, s);
		ASSERT_OK(stop_serving(&v));
	}
	AWAIT(threads() <= alone);
	ck_assert_int_eq(open_descriptors(), descriptors);
	modus_server_free(s);
}
END_TEST

/* ---- Further than CPython's ---- */

/* bpo-35017: a client that waits when the server is told to stop is not served any more. */
START_TEST(test_stop_before_serving_is_not_lost)
{
	struct modus_server *s = make("line", "tcp://127.0.0.1:0", NULL);
	struct serving v;
	int fd;

	ASSERT_OK(modus_server_activate(s));
	fd = client(s);
	say(fd, "x\n");
	ASSERT_OK(modus_server_shutdown(s));
	ASSERT_OK(modus_server_serve_forever(s)); /* at once */
	ck_assert_int_eq(modus_server_count(s, "accepted"), 0);
	modus_server_stop(s);
	ck_assert_int_eq(modus_server_handle_request(s, MODUS_FOREVER), -ECANCELED);
	start_serving(&v, s); /* and only once */
	hear(fd, "x\n");
	ASSERT_OK(stop_serving(&v));
	close(fd);
	modus_server_free(s);
}
END_TEST

START_TEST(test_serves_again)
{
	struct modus_server *s = make("lines", "tcp://127.0.0.1:0", NULL);
	struct serving v;
	int fd;

	for (int i = 0; i < 5; i++) {
		start_serving(&v, s);
		fd = client(s);
		say(fd, "again\n");
		hear(fd, "again\n");
		ASSERT_OK(stop_serving(&v)); /* the idle connection is closed */
		hear_end(fd);
		close(fd);
	}
	ck_assert_int_eq(modus_server_count(s, "accepted"), 5);
	ck_assert_int_eq(subject.seen->starts, 1);
	modus_server_free(s);
	ck_assert_int_eq(subject.seen->stops, 1);
}
END_TEST

START_TEST(test_shutdown_within_a_handler)
{
	struct modus_server *s = make("deadlock", "tcp://127.0.0.1:0", NULL);
	struct serving v;
	int fd;

	start_serving(&v, s);
	fd = client(s);
	say(fd, "x\n");
	hear_end(fd);
	ASSERT_OK(join_serving(&v)); /* it was told all the same */
	ck_assert_int_eq(subject.seen->result, -EDEADLK);
	close(fd);
	modus_server_free(s);
}
END_TEST

static struct modus_server *acting;

static void shut_down(void *arg)
{
	((struct seen *)arg)->result = modus_server_shutdown(acting);
}

START_TEST(test_shutdown_within_service_actions)
{
	struct modus_server_options o = options();

	o.service_actions = shut_down;
	acting = make("line", "tcp://127.0.0.1:0", &o);
	ASSERT_OK(modus_server_serve_forever(acting));
	ck_assert_int_eq(subject.seen->result, -EDEADLK);
	modus_server_free(acting);
}
END_TEST

/* The grace is over at once.  Whoever waits in a call of modus is told; nobody else is unwound, nor
 * is the process of the application ended for it: that is only done to children of ours. */
static void stop_without_grace(const char *handler)
{
	struct modus_server_options o = options();
	struct modus_server *s = modus_server_new(&o, NULL, 0);
	struct serving v;
	int fd;

	ck_assert_ptr_nonnull(s);
	ASSERT_OK(modus_server_listen(s, "tcp://127.0.0.1:0"));
	ASSERT_OK(modus_server_model(s, subject.model->name, subject.rows));
	ASSERT_OK(modus_server_handler(s, handler, NULL));
	ASSERT_OK(modus_server_set(s, "timeouts", "{ grace = 0; }"));
	start_serving(&v, s);
	fd = client(s);
	say(fd, "x\n");
	AWAIT(subject.seen->requests == 1);
	ASSERT_OK(stop_serving(&v));
	hear_end(fd);
	ck_assert_int_eq(subject.seen->errors, 0); /* that the server ends is no error */
	close(fd);
	modus_server_free(s);
}

START_TEST(test_end_of_the_grace)
{
	stop_without_grace("sleep");
}
END_TEST

START_TEST(test_stubborn_handler)
{
	stop_without_grace("stubborn");
}
END_TEST

START_TEST(test_busy)
{
	struct modus_server *s = make("lines", "tcp://127.0.0.1:0", NULL);
	struct serving v;
	int fd;

	start_serving(&v, s);
	fd = client(s);
	say(fd, "x\n");
	hear(fd, "x\n");
	ck_assert_int_eq(modus_server_serve_forever(s), -EBUSY);
	ck_assert_int_eq(modus_server_handle_request(s, 0), -EBUSY);
	ck_assert_int_eq(modus_server_close(s), -EBUSY);
	say(fd, "y\n");
	hear(fd, "y\n");
	ASSERT_OK(stop_serving(&v));
	close(fd);
	modus_server_free(s);
}
END_TEST

/* ---- handle_request() and time ---- */

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void on_alarm(int number)
{
}

/* Signals neither shorten nor prolong the time. */
START_TEST(test_handle_timeout)
{
	struct modus_server *s = make("line", "tcp://127.0.0.1:0", NULL);
	struct sigaction act = { .sa_handler = on_alarm };
	timer_t timer;
	struct sigevent e = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM };
	struct itimerspec often = { { 0, 7000000 }, { 0, 7000000 } };
	int64_t start = now_ms();

	ck_assert_int_eq(modus_server_handle_request(s, 0), 0);
	ck_assert_int_eq(subject.seen->timeouts, 1);
	sigaction(SIGALRM, &act, NULL);
	ASSERT_OK(timer_create(CLOCK_MONOTONIC, &e, &timer));
	ASSERT_OK(timer_settime(timer, 0, &often, NULL));
	ck_assert_int_eq(modus_server_handle_request(s, 200), 0);
	timer_delete(timer);
	ck_assert_int_ge(now_ms() - start, 200);
	ck_assert_int_eq(subject.seen->timeouts, 2);
	modus_server_free(s);
}
END_TEST

void add_verbs(TCase *t)
{
	tcase_add_test(t, test_shutdown);
	tcase_add_test(t, test_close_immediately);
	tcase_add_test(t, test_tcpserver_bind_leak);
	tcase_add_test(t, test_context_manager);
	tcase_add_test(t, test_threads_reaped);
	tcase_add_test(t, test_stop_before_serving_is_not_lost);
	tcase_add_test(t, test_serves_again);
	tcase_add_test(t, test_shutdown_within_a_handler);
	tcase_add_test(t, test_shutdown_within_service_actions);
	tcase_add_test(t, test_end_of_the_grace);
	tcase_add_test(t, test_stubborn_handler);
	tcase_add_test(t, test_busy);
	tcase_add_test(t, test_handle_timeout);
}
