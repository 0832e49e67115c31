/* SPDX-License-Identifier: MIT */
/*
 * What a server counts and holds, seen from outside: its scoreboard in its memory, its process tree
 * in /proc.
 */
#include "tests/conformance/harness.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	STEP_MS = 2,
	KNOCK_MS = 50,
	STILL = 10, /* looks in a row that saw the same: nothing changes any more */
	PLACES_MAX = 64,
	DATA_SLACK_KB = 1024,
	ANONYMOUS_SLACK_KB = 512,
	PLACE_DATA_KB = 256, /* what each place may keep: buffers, an allocator's own */
	PLACE_ANONYMOUS_KB = 64,
};

/* ---- The scoreboard ---------------------------------------------------------------------------*/

/* Where it lies in the memory of the server, and how much of it. */
static uint64_t board_place(const struct server *s, size_t *size)
{
	uint64_t from = 0, to = 0;
	char path[64], line[512];
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/maps", server_pid(s));
	maps = fopen(path, "re");
	while (maps && fgets(line, sizeof(line), maps))
		if (strstr(line, "/memfd:modus-scoreboard") &&
		    sscanf(line, "%lx-%lx", &from, &to) == 2)
			break;
	if (maps)
		fclose(maps);
	ck_assert_msg(to, "the server has no scoreboard");
	*size = to - from;
	return from;
}

/* A copy of it. */
static struct scoreboard *server_board(const struct server *s)
{
	char path[64];
	size_t size;
	uint64_t at = board_place(s, &size);
	struct scoreboard *b = malloc(size);
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/mem", server_pid(s));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ck_assert(fd >= 0 && b);
	ck_assert_int_eq(pread(fd, b, size, (off_t)at), (ssize_t)size);
	close(fd);
	return b;
}

uint64_t server_count(const struct server *s, enum counter which)
{
	struct scoreboard *b = server_board(s);
	uint64_t n = scoreboard_sum(b, which);

	free(b);
	return n;
}

uint64_t server_reaches(const struct server *s, enum counter which, uint64_t n)
{
	int64_t end = now_ms() + PATIENCE;
	uint64_t is;

	while ((is = server_count(s, which)) < n) {
		ck_assert_msg(now_ms() < end, "want %s = %lu, got %lu", counter_names[which],
			      (unsigned long)n, (unsigned long)is);
		pause_ms(STEP_MS);
	}
	return is;
}

void server_counts(const struct server *s, enum counter which, uint64_t n)
{
	uint64_t is = server_reaches(s, which, n);

	ck_assert_msg(is == n, "want %s = %lu, got %lu", counter_names[which], (unsigned long)n,
		      (unsigned long)is);
}

long server_clients(const struct server *s)
{
	struct scoreboard *b = server_board(s);
	long n = (long)(scoreboard_sum(b, COUNT_accepted) - scoreboard_sum(b, COUNT_closed));

	free(b);
	return n;
}

/* ---- The process tree -------------------------------------------------------------------------*/

static long entries(int pid, const char *folder)
{
	char path[64];
	struct dirent *e;
	long n = 0;
	DIR *d;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, folder);
	d = opendir(path);
	while (d && (e = readdir(d)))
		n += e->d_name[0] != '.';
	if (d)
		closedir(d);
	return n;
}

static void add_memory(struct vitals *v, int pid)
{
	char path[64], line[256];
	long kb;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "VmData: %ld", &kb) == 1)
			v->data_kb += kb;
		else if (sscanf(line, "RssAnon: %ld", &kb) == 1)
			v->anonymous_kb += kb;
	}
	if (f)
		fclose(f);
}

static void add_process(struct vitals *v, int pid);

static void add_children(struct vitals *v, int pid, const char *tid)
{
	char path[320];
	int child;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task/%s/children", pid, tid);
	f = fopen(path, "re");
	while (f && fscanf(f, "%d", &child) == 1)
		add_process(v, child);
	if (f)
		fclose(f);
}

static void add_process(struct vitals *v, int pid) // NOLINT(misc-no-recursion): a tree
{
	char path[64];
	struct dirent *e;
	DIR *d;

	v->processes++;
	v->threads += entries(pid, "task");
	v->descriptors += entries(pid, "fd");
	add_memory(v, pid);
	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	d = opendir(path);
	while (d && (e = readdir(d)))
		if (e->d_name[0] != '.')
			add_children(v, pid, e->d_name);
	if (d)
		closedir(d);
}

static struct vitals look(const struct server *s)
{
	struct vitals v = { 0 };

	add_process(&v, server_pid(s));
	return v;
}

static bool same(const struct vitals *a, const struct vitals *b)
{
	return a->processes == b->processes && a->threads == b->threads &&
	       a->descriptors == b->descriptors;
}

/* Who came before this one has been taken.  UDP's datagrams may be dropped while many wait; a Unix
 * socket's are not, and an answer to one asked twice could come to nobody. */
static void knock(const struct server *s)
{
	bool dropped = subject.datagram && subject.family != AF_UNIX;
	int64_t end = now_ms() + PATIENCE;
	int fd = client(s);
	struct pollfd p = { fd, POLLIN, 0 };

	do {
		ck_assert_msg(now_ms() < end, "the server does not answer");
		client_send(fd, "echo x\n", 7);
	} while (poll(&p, 1, dropped ? KNOCK_MS : PATIENCE) == 0);
	expect(fd, "ok x");
	if (!subject.datagram) /* of several asked, another answer may come, which is to find it */
		hang_up(fd);
}

struct vitals server_at_rest(const struct server *s)
{
	int64_t end = now_ms() + PATIENCE;
	struct vitals last = { 0 }, v;
	int still = 0;

	knock(s);
	while (still < STILL) {
		v = look(s);
		still = server_clients(s) == 0 && same(&v, &last) ? still + 1 : 0;
		ck_assert_msg(now_ms() < end,
			      "the server finds no rest: %ld clients, "
			      "%ld processes, %ld threads, %ld descriptors",
			      server_clients(s), v.processes, v.threads, v.descriptors);
		last = v;
		pause_ms(STEP_MS);
	}
	return v;
}

/* ---- Unharmed ---------------------------------------------------------------------------------*/

/* The sanitizers' own memory grows; they look for leaks themselves. */
static bool memory_is_bounded(const struct vitals *v, const struct vitals *before, int places)
{
	return SANITIZED ||
	       (v->data_kb <= before->data_kb + DATA_SLACK_KB + places * PLACE_DATA_KB &&
		v->anonymous_kb <=
			before->anonymous_kb + ANONYMOUS_SLACK_KB + places * PLACE_ANONYMOUS_KB);
}

static bool is_bounded(const struct vitals *v, const struct vitals *before, int places)
{
	return v->processes <= before->processes && v->threads <= before->threads &&
	       v->descriptors <= before->descriptors && memory_is_bounded(v, before, places);
}

static void expect_bounded(const struct server *s, const struct vitals *before, int places)
{
	int64_t end = now_ms() + PATIENCE;
	struct vitals v;

	while (server_clients(s) > 0 || (v = look(s), !is_bounded(&v, before, places))) {
		ck_assert_msg(now_ms() < end,
			      "the server holds %ld clients, %ld processes, %ld threads, "
			      "%ld descriptors, %ld kB, of that %ld kB there; "
			      "before %ld, %ld, %ld, %ld kB, %ld kB",
			      server_clients(s), v.processes, v.threads, v.descriptors, v.data_kb,
			      v.anonymous_kb, before->processes, before->threads,
			      before->descriptors, before->data_kb, before->anonymous_kb);
		pause_ms(STEP_MS);
	}
}

/* Each holds its place until all have one; a datagram cannot.  The service's deadlines may be
 * short.
 */
static void expect_places(const struct server *s, int places)
{
	int fds[PLACES_MAX];

	for (int i = 0; i < places; i++) {
		fds[i] = client(s);
		say(fds[i], subject.datagram ? "echo %d" : "flush %d\nreadwithin 8000 1", i);
	}
	for (int i = 0; i < places; i++)
		expect(fds[i], "ok %d", i);
	for (int i = 0; i < places; i++) {
		if (!subject.datagram) {
			put(fds[i], "x", 1);
			expect(fds[i], "flushed 0");
			expect(fds[i], "ok x");
		}
		hang_up(fds[i]);
	}
}

void expect_unharmed(const struct server *s, const struct vitals *before, int places)
{
	knock(s);
	expect_bounded(s, before, places);
	expect_places(s, places < PLACES_MAX ? places : PLACES_MAX);
}
