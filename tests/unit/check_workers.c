/* SPDX-License-Identifier: MIT */
/* The scoreboard of a child process, in which it counts as the test says. */
#include "compare/measure/workers.h"

#include "core/counters.h"

#include "unit_suite.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SLOTS = 8 }; /* the last is that of the tasks */

static struct scoreboard *board;
static struct workers begin, end;
static pid_t child;

/* The process that serves; the test writes into its board, which both have. */
static void setup(void)
{
	board = scoreboard_new(SLOTS);
	ck_assert_ptr_nonnull(board);
	child = fork();
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	begin = end = (struct workers) { NULL, 0 };
}

static void teardown(void)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	workers_free(&begin);
	workers_free(&end);
	scoreboard_free(board);
}

static void serve(size_t slot, uint64_t requests)
{
	counter_add(&board->slot[slot], COUNT_requests, requests);
}

static void is_there(size_t slot)
{
	board->slot[slot].pid = child;
	board->slot[slot].tid = child;
}

START_TEST(test_each_worker)
{
	size_t count;

	serve(1, 1000); /* before */
	ck_assert_int_eq(workers_read(child, &begin), 0);
	ck_assert_uint_eq(begin.count, SLOTS - 1);
	serve(1, 30);
	serve(2, 10);
	counter_add(&board->slot[4], COUNT_datagrams, 20);
	is_there(3); /* idle */
	is_there(6); /* who accepts for the others */
	counter_add(&board->slot[6], COUNT_accepted, 50);
	serve(SLOTS - 1, 7); /* tasks */
	ck_assert_int_eq(workers_read(child, &end), 0);
	count = workers_between(&begin, &end);
	ck_assert_uint_eq(count, 4);
	ck_assert_uint_eq(end.all[0].requests, 30);
	ck_assert_uint_eq(end.all[1].requests, 10);
	ck_assert_uint_eq(end.all[2].requests, 0);
	ck_assert_uint_eq(end.all[3].requests, 20);
	ck_assert_double_eq_tol(workers_balance(&end, count), 3600.0 / (4 * 1400), 1e-9);
}
END_TEST

START_TEST(test_balance)
{
	struct worker_count alike[] = { { .requests = 5 }, { .requests = 5 } };
	struct worker_count one[] = { { .requests = 9 }, { .requests = 0 }, { .requests = 0 } };

	ck_assert_double_eq_tol(workers_balance(&(struct workers) { alike, 2 }, 2), 1, 1e-9);
	ck_assert_double_eq_tol(workers_balance(&(struct workers) { one, 3 }, 3), 1.0 / 3, 1e-9);
	ck_assert(isnan(workers_balance(&(struct workers) { one + 1, 2 }, 2)));
	ck_assert(isnan(workers_balance(&begin, 0)));
}
END_TEST

/* A board that is of another size than its slots say is another release's. */
START_TEST(test_another_release)
{
	board->slots = 200;
	ck_assert_int_eq(workers_read(child, &begin), -EPROTO);
	board->slots = SIZE_MAX;
	ck_assert_int_eq(workers_read(child, &begin), -EPROTO);
	board->slots = SLOTS;
	ck_assert_int_eq(workers_read(child, &begin), 0);
	ck_assert_uint_eq(workers_between(&(struct workers) { NULL, 0 }, &begin), 0);
}
END_TEST

START_TEST(test_no_board)
{
	ck_assert_int_eq(workers_read(getppid(), &begin), -ENOENT);
	ck_assert_int_eq(workers_read(0x7fffffff, &begin), -ENOENT);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_each_worker,
		test_balance,
		test_another_release,
		test_no_board,
	};

	return SUITE_RUN("workers", tests, setup, teardown);
}
