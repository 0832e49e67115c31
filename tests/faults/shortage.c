/* SPDX-License-Identifier: MIT */
/* Descriptors run out: accept pauses, without spinning, and goes on as soon as there are some. */
#include "tests/faults/harness.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { CLIENTS = 3, SHORT_MS = 500, LONG_MS = 10000 };

static bool is_open(int pid, int fd)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", pid, fd);
	return access(path, F_OK) == 0;
}

/* Leaves the process that many unused descriptors; returns the limit that it had. */
static struct rlimit leave(int pid, int unused)
{
	struct rlimit was, now;
	int fd = 0;

	while (unused > 0 || is_open(pid, fd))
		unused -= !is_open(pid, fd++);
	ck_assert_int_eq(prlimit(pid, RLIMIT_NOFILE, NULL, &was), 0);
	now = (struct rlimit) { (rlim_t)fd, was.rlim_max };
	ck_assert_int_eq(prlimit(pid, RLIMIT_NOFILE, &now, NULL), 0);
	return was;
}

static struct server *settled(void)
{
	struct server *s = serve("every", LIMITED);

	serves_next(s);
	all_closed(s);
	return s;
}

START_TEST(accept_pauses)
{
	struct server *s = settled();
	struct rlimit was = leave(server_pid(s), 0);
	int ms = is_long() ? LONG_MS : SHORT_MS, fd[CLIENTS];
	int64_t cpu;

	for (int i = 0; i < CLIENTS; i++) {
		fd[i] = client(s);
		say(fd[i], "echo x");
	}
	await_count(s, COUNT_out_of_descriptors, 1);
	cpu = server_cpu_ms(s);
	pause_ms(ms);
	cpu = server_cpu_ms(s) - cpu;
	ck_assert_msg(cpu < ms / 4, "it spent %lld ms of %d", (long long)cpu, ms);
	expect_silence(fd[0], 0);
	ck_assert_int_eq(prlimit(server_pid(s), RLIMIT_NOFILE, &was, NULL), 0);
	for (int i = 0; i < CLIENTS; i++) {
		expect(fd[i], "ok x");
		hang_up(fd[i]);
	}
	server_stop(s);
}
END_TEST

START_TEST(accept_resumes)
{
	struct server *s = settled();
	int fd[CLIENTS];

	leave(server_pid(s), CLIENTS - 1);
	for (int i = 0; i < CLIENTS; i++) {
		fd[i] = client(s);
		say(fd[i], "echo x");
	}
	for (int i = 0; i < CLIENTS - 1; i++)
		expect(fd[i], "ok x");
	await_count(s, COUNT_out_of_descriptors, 1);
	hang_up(fd[0]);
	expect(fd[CLIENTS - 1], "ok x");
	ask(fd[1], "echo y", "ok y");
	clients_after_test();
	all_closed(s);
	server_stop(s);
}
END_TEST

void add_shortage(Suite *s)
{
	TCase *t = part(s, "shortage");

	tcase_add_test(t, accept_pauses);
	if (can(MODUS_PROCESSES))
		printf("left out: accept_resumes, needs a process that holds its clients\n");
	else
		needs(t, MODUS_CONCURRENT, accept_resumes);
}
