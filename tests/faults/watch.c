/* SPDX-License-Identifier: MIT */
/* What is seen of a service from outside: its log, counters, processes, and how it treats clients.
 */
#include "tests/faults/server.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STEP_MS = 2, CHILDREN = 256, SILENCE_MS = 120 };

/* ---- The log
 * -----------------------------------------------------------------------------------*/

static const char *log_text(const struct server *s)
{
	static char text[1 << 20];
	ssize_t n = pread(s->log, text, sizeof(text) - 1, 0);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

bool server_logged(const struct server *s, const char *text)
{
	return strstr(log_text(s), text);
}

void server_logs(const struct server *s, const char *text)
{
	int64_t end = now_ms() + PATIENCE;

	while (!server_logged(s, text)) {
		ck_assert_msg(now_ms() < end, "want \"%s\" in the log", text);
		pause_ms(STEP_MS);
	}
}

int server_hour(const struct server *s, const char *text)
{
	const char *all = log_text(s), *line = strstr(all, text), *hour;

	ck_assert_msg(line, "want \"%s\" in the log", text);
	while (line > all && line[-1] != '\n')
		line--;
	hour = strchr(line, 'T');
	ck_assert_ptr_nonnull(hour);
	return atoi(hour + 1);
}

void server_is_clean(const struct server *s)
{
	static const char *const reports[] = { "leaked",
					       "ERROR: AddressSanitizer",
					       "ERROR: LeakSanitizer",
					       "WARNING: ThreadSanitizer",
					       "FATAL: ThreadSanitizer",
					       "runtime error:" };
	const char *at;

	for (size_t i = 0; i < sizeof(reports) / sizeof(reports[0]); i++) {
		at = strstr(log_text(s), reports[i]);
		ck_assert_msg(!at, "the log has: %.1500s", at);
	}
}

/* A supervised one's listener is the supervisor's, which tells it in the log. */
const char *server_url(const struct server *s, const char *kind)
{
	static char url[ADDRESS_TEXT_MAX + 16];
	const char *scheme = strcmp(kind, "udp") == 0 ? "udp" : "tcp", *at;
	char want[64];

	if (s->listeners) {
		snprintf(url, sizeof(url), "%s://%s", scheme,
			 s->listeners->all[*scheme == 'u'].name_text);
		return url;
	}
	snprintf(want, sizeof(want), "listening on %s", scheme);
	at = strstr(log_text(s), want);
	ck_assert_msg(at, "want \"%s\" in the log", want);
	at += strlen(want) - strlen(scheme);
	snprintf(url, sizeof(url), "%.*s", (int)strcspn(at, " \n"), at);
	return url;
}

/* ---- Counters
 * ----------------------------------------------------------------------------------*/

uint64_t counted(const struct server *s, enum counter which)
{
	return scoreboard_sum(s->board, which);
}

static bool is_loss(enum counter which)
{
	static const enum counter gains[] = { COUNT_accepted, COUNT_closed,   COUNT_datagrams,
					      COUNT_requests, COUNT_bytes_in, COUNT_bytes_out };

	for (size_t i = 0; i < sizeof(gains) / sizeof(gains[0]); i++)
		if (which == gains[i])
			return false;
	return true;
}

uint64_t losses(const struct server *s)
{
	uint64_t sum = 0;

	for (int i = 0; i < COUNT_KINDS; i++)
		sum += is_loss((enum counter)i) ? counted(s, (enum counter)i) : 0;
	return sum;
}

void await_count(const struct server *s, enum counter which, uint64_t at_least)
{
	int64_t end = now_ms() + PATIENCE;

	while (counted(s, which) < at_least) {
		ck_assert_msg(now_ms() < end, "%s is %llu, want %llu", counter_names[which],
			      (unsigned long long)counted(s, which), (unsigned long long)at_least);
		pause_ms(STEP_MS);
	}
}

void all_closed(const struct server *s)
{
	int64_t end = now_ms() + PATIENCE;

	while (counted(s, COUNT_accepted) != counted(s, COUNT_closed)) {
		ck_assert_msg(now_ms() < end, "%llu accepted, %llu closed",
			      (unsigned long long)counted(s, COUNT_accepted),
			      (unsigned long long)counted(s, COUNT_closed));
		pause_ms(1);
	}
}

/* ---- Processes
 * ---------------------------------------------------------------------------------*/

int server_pid(const struct server *s)
{
	return s->pid;
}

int process_child(int pid, int index)
{
	char path[64];
	int child = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", pid, pid);
	f = fopen(path, "re");
	for (int i = 0; f && i <= index; i++)
		if (fscanf(f, "%d", &child) != 1)
			child = 0;
	if (f)
		fclose(f);
	return child;
}

void group_is_gone(int group)
{
	int64_t end = now_ms() + PATIENCE;

	while (waitpid(-group, NULL, WNOHANG) > 0 || kill(-group, 0) == 0) {
		ck_assert_msg(now_ms() < end, "processes of a dead service go on");
		pause_ms(STEP_MS);
	}
	ck_assert_int_eq(errno, ESRCH);
}

int server_service(const struct server *s)
{
	int pid = s->supervised ? process_child(s->pid, 0) : s->pid;

	ck_assert_msg(pid, "the service does not run");
	return pid;
}

int64_t process_cpu_ms(int pid)
{
	struct timespec t;
	clockid_t clock;

	ck_assert_int_eq(clock_getcpuclockid(pid, &clock), 0);
	ck_assert_int_eq(clock_gettime(clock, &t), 0);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t server_cpu_ms(const struct server *s)
{
	return process_cpu_ms(server_service(s));
}

int process_descriptors(int pid)
{
	char path[64];
	struct dirent *e;
	int n = 0;
	DIR *d;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	d = opendir(path);
	ck_assert_ptr_nonnull(d);
	while ((e = readdir(d)))
		n += e->d_name[0] != '.';
	closedir(d);
	return n;
}

/* ---- Clients
 * -----------------------------------------------------------------------------------*/

enum outcome try_hear(int fd, const char *want)
{
	size_t used = 0;
	char text[256];

	do {
		ssize_t n;

		await(fd, POLLIN, want);
		n = recv(fd, text + used, sizeof(text) - 1 - used, 0);
		if (n <= 0)
			return LOST;
		used += (size_t)n;
		text[used] = '\0';
	} while (!memchr(text, '\n', used) && used < sizeof(text) - 1);
	if (strncmp(text, "err -", 5) == 0)
		return REFUSED;
	ck_assert_msg(strncmp(text, want, strlen(want)) == 0, "want \"%s\", got \"%s\"", want,
		      text);
	return SERVED;
}

enum outcome try_ask(int fd, const char *command, const char *want)
{
	char line[128];
	int n = snprintf(line, sizeof(line), "%s\n", command);

	return client_send(fd, line, (size_t)n) ? LOST : try_hear(fd, want);
}

void serves_next(struct server *s)
{
	int fd = client(s);

	ask(fd, "echo next", "ok next");
	hang_up(fd);
}

void limit_is(struct server *s, int connections)
{
	int all[CHILDREN], last, n = can(MODUS_CONCURRENT) ? connections : 1;

	for (int i = 0; i < n; i++) {
		all[i] = client(s);
		ask(all[i], "echo in", "ok in");
	}
	last = client(s);
	say(last, "echo last");
	expect_silence(last, SILENCE_MS);
	hang_up(all[0]);
	expect(last, "ok last");
	hang_up(last);
	for (int i = 1; i < n; i++)
		hang_up(all[i]);
}
