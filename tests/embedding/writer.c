/* SPDX-License-Identifier: MIT */
/* CPython's SocketWriterTest: what is written arrives, in spite of signals. */
#include "tests/embedding/harness.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

enum { BIG = 16 << 20 };

static _Atomic int signals;

static void on_signal(int number)
{
	signals++;
}

/* What wfile is for: a write is sent before the request ends. */
START_TEST(test_basics)
{
	struct modus_server *s = make("flush", "tcp://127.0.0.1:0", NULL);
	struct serving v;
	int fd;

	start_serving(&v, s);
	fd = client(s);
	say(fd, "1");
	hear(fd, "a");
	say(fd, "2");
	hear_end(fd);
	close(fd);
	ASSERT_OK(stop_serving(&v));
	modus_server_free(s);
}
END_TEST

/* Reads slowly at first, while signals reach the threads and the process that send. */
START_TEST(test_write)
{
	struct modus_server *s = make("big", "tcp://127.0.0.1:0", NULL);
	struct sigaction act = { .sa_handler = on_signal };
	static char buf[65536];
	size_t got = 0;
	struct serving v;
	ssize_t n;
	int fd;

	sigaction(SIGUSR1, &act, NULL);
	start_serving(&v, s);
	fd = client(s);
	say(fd, "1");
	AWAIT(subject.seen->requests == 1);
	for (int i = 0; i < 20; i++) {
		pthread_kill(v.thread, SIGUSR1);
		if (can(MODUS_PROCESSES))
			kill(subject.seen->pid, SIGUSR1);
		usleep(2000);
	}
	AWAIT(signals > 0);
	do {
		n = recv(fd, buf, sizeof(buf), 0);
		if (n > 0)
			got += (size_t)n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	ck_assert_int_eq(n, 0);
	ck_assert_uint_eq(got, BIG);
	close(fd);
	ASSERT_OK(stop_serving(&v));
	ck_assert_int_eq(subject.seen->result, BIG);
	modus_server_free(s);
}
END_TEST

/* The client goes while it is sent to: no SIGPIPE, neither then nor when the server has stopped. */
START_TEST(test_client_goes)
{
	struct modus_server *s = make("big", "tcp://127.0.0.1:0", NULL);
	struct linger reset = { 1, 0 };
	int fd;

	signal(SIGPIPE, SIG_DFL);
	ASSERT_OK(modus_server_activate(s));
	fd = client(s);
	say(fd, "1");
	ASSERT_OK(setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset)));
	close(fd);
	ck_assert_int_eq(modus_server_handle_request(s, MODUS_FOREVER), 1);
	fd = client(s);
	say(fd, "1");
	ASSERT_OK(shutdown(fd, SHUT_RD));
	close(fd);
	ck_assert_int_eq(modus_server_handle_request(s, MODUS_FOREVER), 1);
	ck_assert_int_eq(subject.seen->errors, 2);
	modus_server_free(s);
}
END_TEST

void add_writer(TCase *t)
{
	tcase_add_test(t, test_basics);
	tcase_add_test(t, test_write);
	tcase_add_test(t, test_client_goes);
}
