/* SPDX-License-Identifier: MIT */
/*
 * Clients that leave at every stage: by a reset, and by a half-close.  Each is brought to the stage
 * by its request and, where the handler must have begun, by the first line of the reply.
 */
#include "tests/conformance/harness.h"

#include <poll.h>
#include <string.h>

enum { ROUNDS = 4 };

struct stage {
	const char *name;
	const char *request, *hears; /* NULL: nothing is heard */
	enum counter inet, local;    /* what counts it once, on TCP and on a Unix socket; NONE */
	size_t least;                /* bytes that come after the half-close */
	bool half_closes;            /* before it resets */
};

/* A Unix socket closed with nothing unread has ended in order, until it is written to. */
static const struct stage resets[] = {
	{ "before a byte", "", NULL, COUNT_reset, NONE, 0, false },
	{ "within a request", "echo ha", NULL, COUNT_reset, COUNT_cut_request, 0, false },
	{ "handler reads", "flush go\nreadn 10\nabc", "ok go", COUNT_reset, COUNT_reset, 0, false },
	{ "handler reads a line", "flush go\nlongline\nabc", "ok go", COUNT_reset, COUNT_reset, 0,
	  false },
	{ "handler sleeps", "flush go\nsleep 20\n", "ok go", COUNT_reset, COUNT_reset, 0, false },
	{ "handler blocks", "flush go\nblock 20\n", "ok go", COUNT_reset, COUNT_reset, 0, false },
	{ "handler polls", "flush go\npoll 5000 in\n", "ok go", COUNT_reset, COUNT_reset, 0,
	  false },
	{ "handler sends", "big 60000000\n", "ok 60000000", COUNT_reset, COUNT_reset, 0, false },
	{ "handler sends a file", "sendfile 10000000\n", "ok 10000000", COUNT_reset, COUNT_reset, 0,
	  false },
	{ "parked", "echo go\n", "ok go", COUNT_reset, NONE, 0, false },
	{ "parked, the reply unread", "echo go\n", NULL, COUNT_reset, COUNT_reset, 0, false },
	{ "after a half-close, handler sleeps", "flush go\nsleep 20\n", "ok go", ANY, ANY, 0,
	  true },
	{ "after a half-close, handler sends", "big 60000000\n", "ok 60000000", COUNT_reset,
	  COUNT_reset, 0, true },
};

static const struct stage half_closes[] = {
	{ "before a byte", "", NULL, NONE, NONE, 0, true },
	{ "within a request", "echo ha", NULL, COUNT_cut_request, COUNT_cut_request, 0, true },
	{ "handler reads", "flush go\nreadn 10\nabc", "ok go", COUNT_cut_request, COUNT_cut_request,
	  sizeof("flushed 0\nerr -EBADMSG"), true },
	{ "handler sleeps", "flush go\nsleep 20\n", "ok go", NONE, NONE, sizeof("flushed 0\nok"),
	  true },
	{ "handler blocks", "flush go\nblock 20\n", "ok go", NONE, NONE,
	  sizeof("flushed 0\nok 0 works=1"), true },
	{ "handler polls", "flush go\npoll 5000 in\n", "ok go", NONE, NONE,
	  sizeof("flushed 0\nok 1 in=I"), true },
	{ "handler sends", "big 4000000\n", "ok 4000000", NONE, NONE, 4000000, true },
	{ "handler sends a file", "sendfile 4000000\n", "ok 4000000", NONE, NONE, 4000000, true },
	{ "parked", "echo go\n", "ok go", NONE, NONE, 0, true },
	{ "within a pipeline", "echo go\necho a\necho b\necho c\n", "ok go", NONE, NONE,
	  sizeof("ok a\nok b\nok c"), true },
};

static int reach(const char *url, const struct stage *stage)
{
	int fd = client_at(url);

	put(fd, stage->request, strlen(stage->request));
	return fd;
}

static void be_there(int fd, const struct stage *stage)
{
	if (stage->hears)
		expect(fd, "%s", stage->hears);
	if (strchr(stage->request, '\n') &&
	    (!stage->hears || strncmp(stage->request, "flush", 5) == 0))
		await(fd, POLLIN, "what is sent before the handler waits");
	if (stage->half_closes)
		end_output(fd);
}

/* As many as there are places, at a time. */
static void leave(struct server *s, const struct stage *stage,
		  void (*how)(int, const struct stage *))
{
	int fds[HOSTILE_PLACES], n = hostile_clients();
	const char *url = server_url(s, "test");

	for (int i = 0; i < n; i++)
		fds[i] = reach(url, stage);
	for (int i = 0; i < n; i++) {
		be_there(fds[i], stage);
		how(fds[i], stage);
	}
}

static void reset(int fd, const struct stage *stage)
{
	hang_up_with_reset(fd);
}

/* All that is owed still comes. */
static void half_close(int fd, const struct stage *stage)
{
	size_t got = discard_all(fd);

	ck_assert_msg(got >= stage->least, "%s: want %zu bytes, got %zu", stage->name, stage->least,
		      got);
	hang_up(fd);
}

static void leave_by_reset(struct server *s, const void *stage)
{
	leave(s, stage, reset);
}

static void leave_by_half_close(struct server *s, const void *stage)
{
	leave(s, stage, half_close);
}

static void leave_at(const struct stage *stage, void (*run)(struct server *, const void *))
{
	enum counter which = subject.family == AF_UNIX ? stage->local : stage->inet;

	hostile(&(struct attack) { hostile_target(""), HOSTILE_PLACES, run, stage, ROUNDS, which,
				   (uint64_t)hostile_clients() });
}

START_TEST(reset_at_every_stage)
{
	leave_at(&resets[_i], leave_by_reset);
}
END_TEST

START_TEST(half_close_at_every_stage)
{
	leave_at(&half_closes[_i], leave_by_half_close);
}
END_TEST

void add_hostile_leave(Suite *s)
{
	TCase *t = part(s, "hostile_leave");

	tcase_add_loop_test(t, reset_at_every_stage, 0, sizeof(resets) / sizeof(resets[0]));
	tcase_add_loop_test(t, half_close_at_every_stage, 0,
			    sizeof(half_closes) / sizeof(half_closes[0]));
}
