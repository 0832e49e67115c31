/* SPDX-License-Identifier: MIT */
#include "compare/progress.h"

#include "tests/unit/unit_suite.h"

#include <fcntl.h>
#include <string.h>

static struct progress p;
static char *text;
static size_t size;

static void set_up(void)
{
}

static void tear_down(void)
{
	free(text);
	text = NULL;
}

START_TEST(test_lines_now_and_then)
{
	FILE *f = open_memstream(&text, &size);

	progress_begin(&p, f, "tiny, 1 of 3");
	progress_step(&p, "round 1: fork", 0, 90);
	progress_step(&p, "round 1: pool", 1, 89);
	progress_step(&p, "round 2: pool", 19.9, 70.1);
	progress_step(&p, "round 2: epoll", 22.5, 67.5);
	progress_step(&p, "round 3: fork", 42.4, 47);
	progress_step(&p, "round 3: fork", 42.5, -1);
	progress_end(&p);
	fclose(f);
	ck_assert_str_eq(text, "tiny, 1 of 3: round 1: fork; 0 % done, 1:30 left at most\n"
			       "tiny, 1 of 3: round 2: epoll; 25 % done, 1:08 left at most\n"
			       "tiny, 1 of 3: round 3: fork; 100 % done, 0:00 left at most\n");
}
END_TEST

START_TEST(test_a_bar_on_a_terminal)
{
	int ours = posix_openpt(O_RDWR | O_NOCTTY), its;
	char said[512] = "";
	FILE *f;

	ck_assert_int_ge(ours, 0);
	ck_assert_int_eq(grantpt(ours) | unlockpt(ours), 0);
	its = open(ptsname(ours), O_RDWR | O_NOCTTY);
	f = fdopen(its, "w");
	ck_assert_ptr_nonnull(f);
	progress_begin(&p, f, NULL);
	progress_step(&p, "round 1: fork", 30, 60);
	await_readable(ours);
	ck_assert_int_gt(read(ours, said, sizeof(said) - 1), 0);
	ck_assert_str_eq(
		said, "\r[##########....................] 1:00 left at most, round 1: fork\033[K");
	progress_step(&p, "round 1: pool", 31, 59); /* at once, other than a line */
	await_readable(ours);
	fclose(f);
	close(ours);
}
END_TEST

START_TEST(test_nothing_where_nobody_looks)
{
	progress_begin(&p, NULL, NULL);
	progress_step(&p, "round 1: fork", 30, 60);
	progress_end(&p);
	ck_assert(!p.told);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_lines_now_and_then,
		test_a_bar_on_a_terminal,
		test_nothing_where_nobody_looks,
	};

	return SUITE_RUN("progress", tests, set_up, tear_down);
}
