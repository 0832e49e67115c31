/* SPDX-License-Identifier: MIT */
/* Blocking work and the worker data that it is lent. */
#include "tests/conformance/harness.h"

#include <stdio.h>

enum { WORKERS = 10 };

static struct server *every(void)
{
	return server_shared("type = \"every\";", "");
}

/* "ok RESULT works=N": the worker data was attached here, and no other work had it. */
static void expect_work(int fd, int result)
{
	const char *reply = hear(fd);
	int got = -1;

	ck_assert_msg(sscanf(reply, "ok %d works=", &got) == 1 && got == result, "got \"%s\"",
		      reply);
	ck_assert_int_ge(field(reply, "works"), 1);
}

START_TEST(work_is_done_and_waited_for)
{
	int fd = client(every());
	int64_t start = now_ms();

	say(fd, "block 40");
	expect_work(fd, 0);
	ck_assert_int_ge(now_ms() - start, 40);
	say(fd, "blockresult");
	expect_work(fd, 42);
}
END_TEST

START_TEST(failure_of_work_does_not_stick)
{
	int fd = client(every());

	ask(fd, "blockerr", "err -EDOM");
	ask(fd, "error", "ok 0");
	say(fd, "blockresult");
	expect_work(fd, 42);
}
END_TEST

START_TEST(failure_of_attach_does_not_stick)
{
	struct server *s = server_new("type = \"every\"; attach_error = true;", "");
	int fd = client(s);

	ask(fd, "block 1", "err -ENOTCONN");
	ask(fd, "block 1", "err -ENOTCONN");
	ask(fd, "echo x", "ok x");
	server_stop(s);
}
END_TEST

START_TEST(works_share_no_worker_data)
{
	int fds[WORKERS];

	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < WORKERS; i++) {
			fds[i] = client(every());
			say(fds[i], "block 20");
		}
		for (int i = 0; i < WORKERS; i++) {
			expect_work(fds[i], 0);
			hang_up(fds[i]);
		}
	}
}
END_TEST

/* tick()'s work was done in the process that forks: what it had would be in each child's memory. */
START_TEST(worker_data_is_not_carried_over_a_fork)
{
	struct server *s = every();
	long ticks;

	do {
		int fd = client(s);

		say(fd, "counts");
		ticks = field(hear(fd), "tick");
		ask(fd, "attached", "ok 0");
		hang_up(fd);
	} while (ticks < 2);
}
END_TEST

/* A handler's blocking work holds up nobody else. */
START_TEST(work_does_not_hold_up_others)
{
	int busy = client(every()), other = client(every());

	say(busy, "block 300");
	ask(other, "echo x", "ok x");
	expect_silence(busy, 0);
	expect_work(busy, 0);
}
END_TEST

void add_blocking(Suite *s)
{
	TCase *t = part(s, "blocking");

	tcase_add_test(t, work_is_done_and_waited_for);
	tcase_add_test(t, failure_of_work_does_not_stick);
	tcase_add_test(t, failure_of_attach_does_not_stick);
	needs(t, MODUS_PROCESSES, worker_data_is_not_carried_over_a_fork);
	needs(t, MODUS_CONCURRENT, works_share_no_worker_data);
	needs(t, MODUS_CONCURRENT, work_does_not_hold_up_others);
}
