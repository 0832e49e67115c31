/* SPDX-License-Identifier: MIT */
#include "compare/report/table.h"

#include "tests/unit/comparison_fixture.h"
#include "tests/unit/unit_suite.h"

#include <string.h>

enum { ITERATIVE, POOL, AGAIN, EPOLL, CONTESTANTS };

static struct comparison c;
static char *text;

/* 64 connections, of which there is nothing to tell. */
static void set_up(void)
{
	struct comparison_options options = made_options();

	options.size = 64;
	made_comparison(&c, &options);
	for (unsigned i = 0; i < CONTESTANTS; i++)
		made_sample(made_cell(&c, 1, i), 1000, 5);
}

static void tear_down(void)
{
	free(text);
	text = NULL;
	cells_free(&c);
}

static void print(void (*write)(FILE *f, const struct comparison *c))
{
	size_t size;
	FILE *f = open_memstream(&text, &size);

	made_judgement(&c);
	write(f, &c);
	fclose(f);
}

static void check_has(const char *want)
{
	ck_assert_msg(strstr(text, want), "want %s in\n%s", want, text);
}

static void check_lacks(const char *what)
{
	ck_assert_msg(!strstr(text, what), "want no %s in\n%s", what, text);
}

START_TEST(test_nothing_to_tell)
{
	print(notes_print);
	check_has("64-byte messages in a closed loop;\n");
	check_lacks("\n- ");
}
END_TEST

START_TEST(test_who_stops_replying)
{
	made_cell(&c, 1, POOL)->samples[0].of[METRIC_STALLED] = 0.75;
	print(notes_print);
	check_has("- pool, keep, 64: clients spent 75 % of their time on requests that had no "
		  "reply;");
	check_lacks("- epoll");
}
END_TEST

START_TEST(test_who_leaves_some_waiting)
{
	made_cell(&c, 1, ITERATIVE)->samples[0].of[METRIC_SERVED] = 1;
	made_cell(&c, 1, EPOLL)->samples[0].of[METRIC_SERVED] = 60;
	made_cell(&c, 1, EPOLL)->samples[0].of[METRIC_STALLED] = 0.5; /* that is why: not again */
	print(notes_print);
	check_has("- iterative, keep, 64: it serves one connection at a time");
	check_has("- epoll, keep, 64: 4 connections got no reply within the measured time.\n");
	check_lacks("clients spent");
}
END_TEST

START_TEST(test_a_reason_that_all_have_is_told_once)
{
	for (unsigned i = 0; i < c.count; i++)
		strcpy(c.cells[i].failure, "no plugin");
	print(notes_print);
	check_has("- all FAILED: no plugin\n");
	check_lacks("keep, 64");
}
END_TEST

START_TEST(test_reasons)
{
	strcpy(made_cell(&c, 0, POOL)->failure, "one");
	strcpy(made_cell(&c, 1, POOL)->failure, "one");
	strcpy(made_cell(&c, 1, EPOLL)->failure, "two");
	print(notes_print);
	check_has("- pool, keep, 1: and 1 more FAILED: one\n");
	check_has("- epoll, keep, 64: FAILED: two\n");
	check_lacks("pool, keep, 64");
}
END_TEST

START_TEST(test_a_service_that_does_not_echo)
{
	for (unsigned i = 0; i < CONTESTANTS; i++)
		made_cell(&c, 1, i)->samples[0].of[METRIC_RATE] = 0;
	print(notes_print);
	check_has("- No reply was right: a service has to echo, unless --send");
}
END_TEST

START_TEST(test_lines_of_a_hundred_columns)
{
	char *line, *rest;

	made_sample(made_cell(&c, 0, POOL), 1, 1);
	print(legend_print);
	for (rest = text; (line = strsep(&rest, "\n"));)
		ck_assert_msg(strlen(line) <= 100, "%s", line);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_nothing_to_tell,
		test_who_stops_replying,
		test_who_leaves_some_waiting,
		test_a_reason_that_all_have_is_told_once,
		test_reasons,
		test_a_service_that_does_not_echo,
		test_lines_of_a_hundred_columns,
	};

	return SUITE_RUN("notes", tests, set_up, tear_down);
}
