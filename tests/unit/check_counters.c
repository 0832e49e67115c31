/* SPDX-License-Identifier: MIT */
#include "core/counters.h"

#include "core_fixture.h"

#include <pthread.h>
#include <string.h>
#include <sys/wait.h>

enum { LIVES = 300000 };

static struct scoreboard *board;

static void open_board(size_t slots)
{
	board = scoreboard_new(slots);
	ck_assert_ptr_nonnull(board);
	ck_assert_uint_eq(board->slots, slots);
}

static uint64_t sum(enum counter which)
{
	return scoreboard_sum(board, which);
}

START_TEST(test_a_new_board_is_empty)
{
	eventfd_t n;

	open_board(4);
	for (int i = 0; i < COUNT_KINDS; i++)
		ck_assert_uint_eq(sum((enum counter)i), 0);
	ck_assert_int_eq(board->phase, PHASE_SERVING);
	ck_assert_int_lt(eventfd_read(board->news_fd, &n), 0); /* there is none, and it says so */
	scoreboard_free(board);
	scoreboard_free(NULL);
}
END_TEST

START_TEST(test_the_sum_is_over_all_slots)
{
	open_board(3);
	for (size_t i = 0; i < 3; i++)
		counter_add(&board->slot[i], COUNT_accepted, i + 1);
	counter_add(&board->slot[1], COUNT_bytes_in, UINT64_C(1) << 40);
	counter_add(&board->slot[1], COUNT_bytes_in, 1);
	ck_assert_uint_eq(sum(COUNT_accepted), 6);
	ck_assert_uint_eq(sum(COUNT_bytes_in), (UINT64_C(1) << 40) + 1);
	ck_assert_uint_eq(sum(COUNT_closed), 0);
	scoreboard_free(board);
}
END_TEST

START_TEST(test_clearing_forgets_all_but_the_counts)
{
	struct slot *s;

	open_board(2);
	s = &board->slot[1];
	counter_add(&board->slot[0], COUNT_requests, 5);
	for (int round = 1; round <= 3; round++) {
		counter_add(s, COUNT_requests, 10);
		s->wanted = s->pending = 7;
		s->pid = s->tid = 1234;
		scoreboard_clear(board, 1);
		ck_assert_uint_eq(sum(COUNT_requests), 5 + 10 * (unsigned)round);
		ck_assert_uint_eq(s->wanted | s->pending, 0);
		ck_assert_int_eq(s->pid | s->tid, 0);
	}
	ck_assert_uint_eq(board->slot[0].count[COUNT_requests], 5);
	scoreboard_free(board);
}
END_TEST

START_TEST(test_begin_keeps_what_was_counted_and_nothing_else)
{
	open_board(2);
	counter_add(&board->slot[0], COUNT_closed, 3);
	counter_add(&board->slot[1], COUNT_closed, 4);
	board->phase = PHASE_CANCELED;
	board->wanted = board->pending = board->served = 9;
	board->slot[1].wanted = 9;
	board->slot[1].pid = 77;
	scoreboard_begin(board);
	ck_assert_uint_eq(sum(COUNT_closed), 7);
	ck_assert_int_eq(board->phase, PHASE_SERVING);
	ck_assert_uint_eq(board->wanted | board->pending | board->served, 0);
	ck_assert_uint_eq(board->slot[1].wanted, 0);
	ck_assert_int_eq(board->slot[1].pid, 0);
	scoreboard_begin(board);
	ck_assert_uint_eq(sum(COUNT_closed), 7);
	scoreboard_free(board);
}
END_TEST

/* Also when it was killed. */
START_TEST(test_a_dead_child_has_counted)
{
	int status;
	pid_t pid;

	open_board(2);
	pid = fork();
	if (pid == 0) {
		counter_add(&board->slot[1], COUNT_bytes_out, 100);
		abort();
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_uint_eq(sum(COUNT_bytes_out), 100);
	scoreboard_clear(board, 1);
	ck_assert_uint_eq(sum(COUNT_bytes_out), 100);
	scoreboard_free(board);
}
END_TEST

static _Atomic bool stop;

/* Reads sums until it is told to stop; how often one was less than that before it. */
static void *read_on(void *arg)
{
	uintptr_t dips = 0;
	uint64_t before = 0;

	while (!stop) {
		uint64_t now = sum(COUNT_requests);

		dips += now < before;
		before = now;
	}
	return (void *)dips;
}

/* Whatever becomes of workers meanwhile, and of the service. */
START_TEST(test_a_sum_never_goes_back)
{
	pthread_t reader;
	void *dips;

	open_board(3);
	ck_assert_int_eq(pthread_create(&reader, NULL, read_on, NULL), 0);
	for (int i = 0; i < LIVES; i++) {
		counter_add(&board->slot[i % 3], COUNT_requests, 1000);
		scoreboard_clear(board, (size_t)i % 3);
		if (i % 100 == 0)
			scoreboard_begin(board);
	}
	stop = true;
	ck_assert_int_eq(pthread_join(reader, &dips), 0);
	ck_assert_ptr_null(dips);
	ck_assert_uint_eq(sum(COUNT_requests), UINT64_C(1000) * LIVES);
	scoreboard_free(board);
}
END_TEST

/* Writers of two slots must not fight for a cache line. */
START_TEST(test_slots_share_no_cache_line)
{
	open_board(2);
	ck_assert_uint_eq((uintptr_t)&board->slot[0] % 64, 0);
	ck_assert_uint_eq((uintptr_t)&board->slot[1] % 64, 0);
	scoreboard_free(board);
}
END_TEST

START_TEST(test_each_has_a_name_of_its_own)
{
	ck_assert_str_eq(counter_names[COUNT_bytes_in], "bytes_in");
	for (int i = 0; i < COUNT_KINDS; i++) {
		ck_assert_uint_gt(strlen(counter_docs[i]), 0);
		for (int k = 0; k < i; k++)
			ck_assert_str_ne(counter_names[i], counter_names[k]);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_a_new_board_is_empty,
		test_the_sum_is_over_all_slots,
		test_clearing_forgets_all_but_the_counts,
		test_a_sum_never_goes_back,
		test_begin_keeps_what_was_counted_and_nothing_else,
		test_a_dead_child_has_counted,
		test_slots_share_no_cache_line,
		test_each_has_a_name_of_its_own,
	};

	return SUITE_RUN("counters", tests, NULL, NULL);
}
