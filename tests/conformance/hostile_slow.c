/* SPDX-License-Identifier: MIT */
/* Clients that take their time, or the service's: silent, slow, deaf, endless. */
#include "tests/conformance/harness.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	STEP_MS = 20,
	ENDLESS = 10 << 20,
	PIPELINES = 3,
	REQUESTS = 1500,
	QUESTIONS = 10,
};

static void open_all(struct server *s, int fds[HOSTILE_PLACES], const char *request)
{
	const char *url = server_url(s, "test");

	for (int i = 0; i < hostile_clients(); i++) {
		fds[i] = client_at(url);
		put(fds[i], request, strlen(request));
	}
}

static void hang_up_all(int fds[HOSTILE_PLACES])
{
	for (int i = 0; i < hostile_clients(); i++)
		hang_up(fds[i]);
}

/* ---- Silent -----------------------------------------------------------------------------------*/

static void say_nothing(struct server *s, const void *about)
{
	int fds[HOSTILE_PLACES];

	open_all(s, fds, about);
	for (int i = 0; i < hostile_clients(); i++)
		discard_all(fds[i]);
	hang_up_all(fds);
}

/* At once, and after a request. */
START_TEST(who_says_nothing)
{
	static const char *const requests[] = { "", "echo x\n" };
	struct server *s = hostile_target("timeouts = { idle = 0.2; };");

	hostile(&(struct attack) { s, HOSTILE_PLACES, say_nothing, requests[_i], 1,
				   COUNT_idle_timeout, (uint64_t)hostile_clients() });
}
END_TEST

/* ---- Slow -------------------------------------------------------------------------------------*/

/* Each a byte at a time, until all are cut off. */
static void trickle(struct server *s, const void *about)
{
	int fds[HOSTILE_PLACES], left = hostile_clients();
	int64_t end = now_ms() + PATIENCE;
	bool gone[HOSTILE_PLACES] = { false };

	open_all(s, fds, about);
	while (left > 0) {
		ck_assert_int_lt(now_ms(), end);
		for (int i = 0; i < hostile_clients(); i++) {
			if (gone[i] || send(fds[i], "x", 1, MSG_NOSIGNAL) == 1)
				continue;
			gone[i] = true;
			left--;
		}
		pause_ms(STEP_MS);
	}
	hang_up_all(fds);
}

/* To core, and to each call that reads. */
START_TEST(who_sends_a_byte_at_a_time)
{
	static const char *const requests[] = { "", "readn 100000\n", "lines 1\n" };
	struct server *s = hostile_target("timeouts = { request = 0.2; };");

	hostile(&(struct attack) { s, HOSTILE_PLACES, trickle, requests[_i], 1,
				   COUNT_request_timeout, (uint64_t)hostile_clients() });
}
END_TEST

/* ---- Deaf -------------------------------------------------------------------------------------*/

static void never_read(struct server *s, const void *about)
{
	uint64_t before = server_count(s, COUNT_write_timeout);
	int fds[HOSTILE_PLACES];

	open_all(s, fds, about);
	server_counts(s, COUNT_write_timeout, before + (uint64_t)hostile_clients());
	hang_up_all(fds);
}

START_TEST(who_never_reads)
{
	static const char line[] = "big 9999\n";
	char pipeline[32 + REQUESTS * (sizeof(line) - 1)] = "deadline write 200\n";
	const char *const requests[] = { "deadline write 200\nbig 60000000\n",
					 "deadline write 200\nsendfile 16000000\n", pipeline };
	size_t n = strlen(pipeline);

	for (int i = 0; i < REQUESTS; i++, n += sizeof(line) - 1)
		memcpy(pipeline + n, line, sizeof(line));
	hostile(&(struct attack) { hostile_target(""), HOSTILE_PLACES, never_read, requests[_i], 1,
				   COUNT_write_timeout, (uint64_t)hostile_clients() });
}
END_TEST

/* ---- Endless ----------------------------------------------------------------------------------*/

static void send_endless_line(struct server *s, const void *about)
{
	static const char data[1 << 16];
	int fds[HOSTILE_PLACES];

	open_all(s, fds, about);
	for (int i = 0; i < hostile_clients(); i++) {
		for (size_t sent = 0; sent < ENDLESS; sent += sizeof(data))
			if (client_send(fds[i], data, sizeof(data)))
				break;
		discard_all(fds[i]);
	}
	hang_up_all(fds);
}

/* To core, and to the calls that read lines. */
START_TEST(line_of_10_megabytes)
{
	static const char *const requests[] = { "", "longline\n", "lines 1\n" };

	hostile(&(struct attack) { hostile_target(""), HOSTILE_PLACES, send_endless_line,
				   requests[_i], 4, COUNT_too_long, (uint64_t)hostile_clients() });
}
END_TEST

/* In a process of its own: sends requests and takes replies, without end. */
static pid_t pipelines_start(const int fds[PIPELINES])
{
	struct pollfd set[PIPELINES];
	static char data[1 << 16], replies[1 << 16];
	pid_t parent = getpid(), pid = fork();

	ck_assert_int_ge(pid, 0);
	if (pid > 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = "echo x\n\n"[i % 8];
	while (getppid() == parent) {
		for (int i = 0; i < PIPELINES; i++)
			set[i] = (struct pollfd) { fds[i], POLLIN | POLLOUT, 0 };
		poll(set, PIPELINES, PATIENCE);
		for (int i = 0; i < PIPELINES; i++) {
			recv(fds[i], replies, sizeof(replies), MSG_DONTWAIT);
			send(fds[i], data, sizeof(data), MSG_DONTWAIT | MSG_NOSIGNAL);
		}
	}
	_exit(0);
}

static void pipeline_for_ever(struct server *s, const void *about)
{
	int fds[PIPELINES];
	pid_t pid;

	for (int i = 0; i < PIPELINES; i++)
		fds[i] = client(s);
	pid = pipelines_start(fds);
	for (int i = 0; i < QUESTIONS; i++) {
		int fd = client(s);

		ask(fd, "echo y", "ok y");
		ask(fd, "sleep 1", "ok");
		hang_up(fd);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	for (int i = 0; i < PIPELINES; i++)
		hang_up_with_reset(fds[i]);
}

START_TEST(who_pipelines_for_ever)
{
	bool local = subject.family == AF_UNIX;

	hostile(&(struct attack) { hostile_target(""), HOSTILE_PLACES, pipeline_for_ever, NULL, 2,
				   local ? ANY : COUNT_reset, PIPELINES });
}
END_TEST

void add_hostile_slow(Suite *s)
{
	TCase *t = part(s, "hostile_slow");

	tcase_add_loop_test(t, who_says_nothing, 0, 2);
	tcase_add_loop_test(t, who_sends_a_byte_at_a_time, 0, 3);
	tcase_add_loop_test(t, who_never_reads, 0, 3);
	tcase_add_loop_test(t, line_of_10_megabytes, 0, 3);
	needs(t, MODUS_CONCURRENT, who_pipelines_for_ever);
}
