/* SPDX-License-Identifier: MIT */
/*
 * The Nth call fails, of the supervisor or of its service: it starts all the same or says why not,
 * brings a dead service back, and ends when it is told to.
 */
#include "tests/faults/harness.h"

#include <errno.h>
#include <signal.h>

enum { MANY = 1000 };

static const struct fault faults[] = {
	FAULT(bind, EADDRINUSE), FAULT(calloc, ENOMEM),       FAULT(eventfd, EMFILE),
	FAULT(fork, EAGAIN),     FAULT(getsockname, ENOBUFS), FAULT(listen, EADDRINUSE),
	FAULT(malloc, ENOMEM),   FAULT(mmap64, ENOMEM),       FAULT(pipe2, EMFILE),
	FAULT(poll, EINTR),      FAULT(realloc, ENOMEM),      FAULT(setsockopt, ENOMEM),
	FAULT(signalfd, ENFILE), FAULT(socket, EMFILE),
};

enum { FAULTS = sizeof(faults) / sizeof(faults[0]) };

static void expect_reason(struct server *s)
{
	int status;

	ck_assert(server_exited(s, &status));
	ck_assert_int_ne(status, 0);
	ck_assert_msg(server_logged(s, " error "), "it does not say why it ends");
	server_is_clean(s);
}

/* Whether a call failed. */
static bool start_once(const struct fault *f, long n)
{
	struct server *s;
	long hits;

	test_at("the supervisor starts, call %ld fails: %s", n, f->name);
	wrap_arm(f->call, f->error, n, n);
	s = supervise_perhaps("every", LIMITED);
	hits = wrap_disarm();
	if (server_runs(s)) {
		serves_next(s);
		server_stop(s);
	} else {
		ck_assert_int_gt(hits, 0);
		expect_reason(s);
	}
	clients_after_test();
	servers_after_test();
	return hits;
}

START_TEST(supervisor_starts_or_says_why)
{
	long n = 1;

	while (start_once(&faults[_i], n))
		ck_assert_int_lt(n++, MANY);
}
END_TEST

static void await_service(struct server *s, int before)
{
	int64_t end = now_ms() + PATIENCE;

	for (int pid = before; pid == before || pid == 0; pid = process_child(server_pid(s), 0)) {
		ck_assert_msg(now_ms() < end, "the service is not started again");
		pause_ms(1);
	}
}

/* A service that dies again takes its client along. */
static void ask_in_vain_perhaps(struct server *s)
{
	int fd = client(s);

	try_ask(fd, "echo x", "ok x");
	hang_up(fd);
}

/* It has served, so the first try is made at once; further ones have to wait. */
START_TEST(service_comes_back)
{
	struct server *s = serve_supervised("every", LIMITED);
	long hits = 1;

	serves_next(s);
	for (long n = 1; hits && n < MANY; n++) {
		int pid;

		test_at("the service starts again, call %ld fails: %s", n, faults[_i].name);
		pid = server_service(s);
		wrap_arm(faults[_i].call, faults[_i].error, n, n);
		ck_assert_int_eq(kill(pid, SIGKILL), 0);
		await_service(s, pid);
		ask_in_vain_perhaps(s);
		hits = wrap_disarm();
		serves_next(s);
	}
	ck_assert_int_eq(hits, 0);
	server_stop(s);
}
END_TEST

START_TEST(supervisor_ends_all_the_same)
{
	long hits = 1;

	for (long n = 1; hits && n < MANY; n++) {
		struct server *s = serve_supervised("every", LIMITED);

		test_at("the supervisor ends, call %ld fails: %s", n, faults[_i].name);
		wrap_arm(faults[_i].call, faults[_i].error, n, n);
		server_stop(s);
		hits = wrap_disarm();
		servers_after_test();
	}
	ck_assert_int_eq(hits, 0);
}
END_TEST

void add_supervise(Suite *s)
{
	TCase *t = part(s, "supervise");

	tcase_add_loop_test(t, supervisor_starts_or_says_why, 0, FAULTS);
	tcase_add_loop_test(t, service_comes_back, 0, FAULTS);
	tcase_add_loop_test(t, supervisor_ends_all_the_same, 0, FAULTS);
}
