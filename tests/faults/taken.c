/* SPDX-License-Identifier: MIT */
/* A client that is taken in the moment in which the drain begins, and one who stands behind him. */
#include "tests/faults/server.h"

enum { MOMENT_MS = 20 };

/* Whoever is accepted is not given to the service for now. */
static void hold_clients(void)
{
	wrap_page->holds = true;
}

static void await_held(void)
{
	int64_t end = now_ms() + PATIENCE;

	while (!wrap_page->held) {
		ck_assert_msg(now_ms() < end, "no client is accepted");
		pause_ms(1);
	}
}

/* A process that forks has no thread to begin with it. */
static void await_drain(const struct server *s)
{
	int64_t end = now_ms() + PATIENCE;

	while (!can(MODUS_PROCESSES) && s->board->phase == PHASE_SERVING) {
		ck_assert_msg(now_ms() < end, "the drain does not begin");
		pause_ms(1);
	}
	pause_ms(MOMENT_MS); /* for what the other threads make of it */
}

static void taken_while_it_drains(struct server *s)
{
	int fd, next;

	hold_clients();
	fd = client(s);
	await_held();
	next = client(s);
	server_term(s);
	await_drain(s);
	wrap_page->holds = false;
	server_ends(s, PATIENCE);
	ck_assert_uint_eq(counted(s, COUNT_accepted), 1);
	ck_assert_uint_eq(counted(s, COUNT_closed), 1);
	ck_assert_uint_eq(counted(s, COUNT_crashed), 0);
	expect_gone(fd);
	expect_silence(next, 0); /* he still stands in the listen queue, for whoever comes */
	hang_up(fd);
	hang_up(next);
}

START_TEST(taken_as_the_drain_begins)
{
	taken_while_it_drains(serve("every", ""));
}
END_TEST

START_TEST(taken_as_a_host_ends_it)
{
	taken_while_it_drains(serve_hosted("every", ""));
}
END_TEST

void add_taken(Suite *s)
{
	TCase *t = part(s, "taken");

	tcase_add_test(t, taken_as_the_drain_begins);
	tcase_add_test(t, taken_as_a_host_ends_it);
}
