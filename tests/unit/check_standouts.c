/* SPDX-License-Identifier: MIT */
#include "compare/report/standouts.h"

#include "tests/unit/comparison_fixture.h"
#include "tests/unit/unit_suite.h"

enum { ITERATIVE, POOL, AGAIN, EPOLL, CONTESTANTS };

static struct comparison c;
static char *text;

/* 64 connections, of which nothing stands out. */
static void set_up(void)
{
	struct comparison_options options = made_options();

	made_comparison(&c, &options);
	for (unsigned i = 0; i < CONTESTANTS; i++) {
		struct sample *s = made_sample(made_cell(&c, 1, i), 1000, 5);

		s->of[METRIC_BALANCE] = s->of[METRIC_FAIRNESS] = 0.9;
		s->of[METRIC_QUEUE_MEAN] = 10;
		s->of[METRIC_THREADS] = 18;
		s->of[METRIC_MEMORY] = s->of[METRIC_MEMORY_PEAK] = 3;
	}
}

static void tear_down(void)
{
	free(text);
	text = NULL;
	for (unsigned i = 0; i < CONTESTANTS; i++)
		made_cell(&c, 1, i)->workers = (struct workers) { .count = 0 };
	cells_free(&c);
}

static struct sample *sample(unsigned contestant)
{
	return &made_cell(&c, 1, contestant)->samples[0];
}

static void check(const char *want)
{
	size_t size;
	FILE *f = open_memstream(&text, &size);

	made_judgement(&c);
	standouts_print(f, &c, 1);
	fclose(f);
	ck_assert_str_eq(text, want);
}

START_TEST(test_nothing)
{
	check("");
}
END_TEST

START_TEST(test_all_who_have_it)
{
	for (unsigned i = 0; i < CONTESTANTS; i++)
		sample(i)->of[METRIC_QUEUE_MEAN] = 40 + i;
	check("Stands out: waiting to be accepted: pool 41, epoll 43.\n");
}
END_TEST

/* A child for each connection has what its connection asks: that is fairness. */
START_TEST(test_balance_is_of_workers_that_serve_several)
{
	sample(POOL)->of[METRIC_BALANCE] = sample(EPOLL)->of[METRIC_BALANCE] = 0.25;
	made_cell(&c, 1, POOL)->workers.count = 16;
	made_cell(&c, 1, EPOLL)->workers.count = 20; /* more than there are threads: each ended */
	check("Stands out: unlike shares of work (balance over workers): pool 0.25.\n");
}
END_TEST

START_TEST(test_peak)
{
	sample(POOL)->of[METRIC_MEMORY_PEAK] = 4;
	sample(EPOLL)->of[METRIC_MEMORY_PEAK] = 7.25;
	check("Stands out: MB at the peak: epoll 7.2.\n");
}
END_TEST

START_TEST(test_lines_of_a_hundred_columns)
{
	sample(POOL)->of[METRIC_QUEUE_MEAN] = 64;
	sample(POOL)->of[METRIC_FAIRNESS] = 0.5;
	sample(EPOLL)->of[METRIC_FAULTS_MAJOR] = 0.5;
	made_cell(&c, 1, EPOLL)->late = 1;
	check("Stands out: waiting to be accepted: pool 64;\n"
	      "  unlike shares of replies (fairness over connections): pool 0.50;\n"
	      "  waits for a disk per request (major faults): epoll 0.500;\n"
	      "  rounds left out, the client was late: epoll 1/1.\n");
}
END_TEST

/* What is not known does not stand out. */
START_TEST(test_unknown)
{
	for (int m = 0; m < METRICS; m++)
		sample(POOL)->of[m] = NAN;
	check("");
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_nothing, test_all_who_have_it, test_balance_is_of_workers_that_serve_several,
		test_peak,    test_unknown,         test_lines_of_a_hundred_columns,
	};

	return SUITE_RUN("standouts", tests, set_up, tear_down);
}
