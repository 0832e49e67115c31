/* SPDX-License-Identifier: MIT */
#include "compare/report/advice_report.h"

#include "tests/unit/comparison_fixture.h"
#include "tests/unit/unit_suite.h"

#include <string.h>

enum { ITERATIVE, POOL, AGAIN, EPOLL, ROUNDS = 6 };

static struct comparison c;
static char *text;

/* Iterative is the choice for one connection; of 64 it leaves some waiting, and epoll is faster. */
static void set_up(void)
{
	static const double p99[2][4] = { { 100, 250, 250, 200 }, { 80, 180, 180, 120 } };
	struct comparison_options options = made_options();

	made_comparison(&c, &options);
	for (unsigned i = 0; i < 2 * 4 * ROUNDS; i++) {
		unsigned load = i / ROUNDS / 4, who = i / ROUNDS % 4;
		struct sample *s = made_sample(made_cell(&c, load, who), 1000, 5);

		s->of[METRIC_P99] = p99[load][who];
		s->of[METRIC_MEMORY] = 1.5;
	}
	made_cell(&c, 1, ITERATIVE)->samples[2].of[METRIC_SERVED] = 3;
	made_judgement(&c);
}

static void tear_down(void)
{
	free(text);
	text = NULL;
	cells_free(&c);
}

static void print(void (*report)(FILE *f, const struct comparison *c))
{
	size_t size;
	FILE *f = open_memstream(&text, &size);

	report(f, &c);
	fclose(f);
}

static void print_line(FILE *f, const struct comparison *all)
{
	advice_report_line(f, all, 1);
}

static void check_has(const char *want)
{
	ck_assert_msg(strstr(text, want), "want %s in\n%s", want, text);
}

START_TEST(test_line)
{
	print(print_line);
	ck_assert_str_eq(text, "Choose: epoll (the best p99; pool has 1.50 times, 1.50-1.50).\n");
}
END_TEST

/* 180 in the median, as before, but once as good as epoll's. */
START_TEST(test_line_that_is_not_sure)
{
	static const double p99[ROUNDS] = { 20, 100, 170, 190, 300, 500 };

	for (int r = 0; r < ROUNDS; r++)
		made_cell(&c, 1, POOL)->samples[r].of[METRIC_P99] = p99[r];
	made_judgement(&c);
	print(print_line);
	ck_assert_int_eq(strncmp(text, "Choose: epoll, not sure (the best p99; pool has 1.50", 52),
			 0);
}
END_TEST

START_TEST(test_line_without_a_choice)
{
	for (unsigned i = 0; i < 4; i++)
		made_cell(&c, 1, i)->errors.count[LOAD_RESET] = 1;
	print(print_line);
	ck_assert_str_eq(text, "Choose: none of them served all connections without errors.\n");
}
END_TEST

START_TEST(test_whole)
{
	print(advice_report_whole);
	ck_assert_str_eq(text, "\nOne for all of these loads: epoll, which is fit for each and the "
			       "choice for most. By load:\n"
			       "  keep: for 1 connection iterative; from 64 on epoll.\n");
}
END_TEST

START_TEST(test_at_length)
{
	print(advice_report);
	check_has("  model = { type = \"epoll\"; };\n");
	check_has("keep, 1 connection:\n"
		  "  iterative  chosen                  p99 100 us, 5.00 us of CPU, 1.50 MB\n"
		  "  pool       worse p99               250 us, 2.50 times, 2.50-2.50, that of "
		  "iterative\n");
	check_has("keep, 64 connections:\n"
		  "  iterative  left some waiting       3 of 64 served\n");
}
END_TEST

/* Nothing was measured: there is nothing to be said of it. */
START_TEST(test_nothing)
{
	for (unsigned i = 0; i < c.count; i++)
		c.cells[i].count = 0;
	print(advice_report_whole);
	ck_assert_str_eq(text, "");
	free(text);
	print(print_line);
	ck_assert_str_eq(text, "");
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_line,
		test_line_that_is_not_sure,
		test_line_without_a_choice,
		test_whole,
		test_at_length,
		test_nothing,
	};

	return SUITE_RUN("advice_report", tests, set_up, tear_down);
}
