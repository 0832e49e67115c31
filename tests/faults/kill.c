/* SPDX-License-Identifier: MIT */
/* Processes are killed at any moment: what they served is lost, their places are not. */
#include "tests/faults/harness.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { CLIENTS = 4, ROUNDS = 12, LONG_ROUNDS = 300, MOMENTS_MS = 6, SLEEP_MS = 4 };

static const int signals[] = { SIGKILL, SIGSEGV, SIGABRT };

enum { SIGNALS = sizeof(signals) / sizeof(signals[0]) };

static int rounds(void)
{
	return is_long() ? LONG_ROUNDS : ROUNDS;
}

static void begin_load(struct server *s, int *fd)
{
	for (int i = 0; i < CLIENTS; i++) {
		fd[i] = client(s);
		say(fd[i], "sleep %d\necho x", i * SLEEP_MS);
	}
}

static void end_load(int *fd)
{
	for (int i = 0; i < CLIENTS; i++) {
		try_hear(fd[i], "ok");
		hang_up(fd[i]);
	}
}

static int await_service(struct server *s, int before)
{
	int64_t end = now_ms() + PATIENCE;
	int pid = process_child(server_pid(s), 0);

	while (pid == 0 || pid == before) {
		ck_assert_msg(now_ms() < end, "the service is not started again");
		pause_ms(2);
		pid = process_child(server_pid(s), 0);
	}
	return pid;
}

START_TEST(service_dies)
{
	struct server *s = serve_supervised("every", "limits = { connections = 5; };\n"
						     "timeouts = { grace = 0.3; };");
	int fd[CLIENTS], pid = server_service(s);

	for (int i = 0; i < rounds(); i++) {
		test_at("round %d, signal %d", i, signals[i % SIGNALS]);
		begin_load(s, fd);
		pause_ms(i * 7 % MOMENTS_MS); /* at ever another moment */
		ck_assert_int_eq(kill(pid, signals[i % SIGNALS]), 0);
		end_load(fd);
		group_is_gone(pid);
		pid = await_service(s, pid);
		serves_next(s);
	}
	test_at("counting the places");
	limit_is(s, LIMIT);
	server_stop(s);
}
END_TEST

START_TEST(children_die)
{
	struct server *s = serve("every", LIMITED);
	int fd[CLIENTS], children = 0;

	for (int i = 0; i < rounds(); i++) {
		int pid;

		begin_load(s, fd);
		pause_ms(i * 7 % MOMENTS_MS); /* at ever another moment */
		for (int k = 0; k < CLIENTS; k++) {
			pid = process_child(server_pid(s), 0);
			children += pid && kill(pid, signals[i % SIGNALS]) == 0;
			pause_ms((i + k) % 2);
		}
		end_load(fd);
		serves_next(s);
	}
	ck_assert_int_gt(children, 0);
	ck_assert_uint_gt(counted(s, COUNT_crashed), 0);
	all_closed(s);
	limit_is(s, LIMIT);
	all_closed(s);
	server_stop(s);
}
END_TEST

void add_kill(Suite *s)
{
	TCase *t = part(s, "kill");

	tcase_add_test(t, service_dies);
	needs(t, MODUS_PROCESSES, children_die);
}
