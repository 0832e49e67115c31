/* SPDX-License-Identifier: MIT */
#include "compare/baseline.h"

#include "compare/report/record.h"
#include "tests/unit/comparison_fixture.h"
#include "tests/unit/unit_suite.h"

#include <errno.h>
#include <string.h>

enum { POOL = 1, EPOLL = 3, ROUNDS = 6 };

static struct comparison c;
static struct baseline baseline;
static char path[] = "/tmp/check_baseline.XXXXXX", why[512];

static void set_up(void)
{
	struct comparison_options options = made_options();
	int fd;

	memset(path + strlen(path) - 6, 'X', 6);
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	close(fd);
	made_comparison(&c, &options);
}

static void tear_down(void)
{
	baseline_clear(&baseline);
	cells_free(&c);
	unlink(path);
}

static void write_text(const char *text)
{
	FILE *f = fopen(path, "we");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
}

static void write_record(void)
{
	FILE *f = fopen(path, "we");

	ck_assert_ptr_nonnull(f);
	record_write(f, &c, 1);
	fclose(f);
}

static void measure(struct cell *cell, double rate, double cpu)
{
	cell->count = 0;
	for (int r = 0; r < ROUNDS; r++)
		made_sample(cell, rate, cpu);
}

static struct interval ratio(const struct cell *is, enum metric m)
{
	const struct baseline_cell *was = baseline_find(&baseline, is);

	ck_assert_ptr_nonnull(was);
	return baseline_ratio(was, is, m);
}

/* What record_write() has written is read again, and told from what has been measured since. */
START_TEST(test_what_has_changed)
{
	struct cell *pool = made_cell(&c, 1, POOL), *epoll = made_cell(&c, 1, EPOLL);

	measure(pool, 1000, 10);
	measure(epoll, 2000, 5);
	write_record();
	ck_assert_msg(!baseline_read(&baseline, path, 0, why, sizeof(why)), "%s", why);
	measure(pool, 1500, 5);
	ck_assert_double_eq_tol(ratio(pool, METRIC_RATE).median, 1.5, 1e-9);
	ck_assert_double_eq_tol(ratio(pool, METRIC_RATE).low, 1.5, 1e-9);
	ck_assert_double_eq_tol(ratio(pool, METRIC_CPU).high, 0.5, 1e-9);
	ck_assert_uint_eq(ratio(pool, METRIC_CPU).count, ROUNDS);
	ck_assert_double_eq_tol(ratio(epoll, METRIC_RATE).median, 1, 1e-9);
	ck_assert_uint_eq(ratio(made_cell(&c, 0, POOL), METRIC_RATE).count, 0);
}
END_TEST

/* The record says it, too: of each cell that was measured then and now. */
START_TEST(test_in_the_record)
{
	struct cell *pool = made_cell(&c, 1, POOL);
	char *text = NULL;
	size_t size;
	FILE *f;

	measure(pool, 1000, 10);
	write_record();
	ck_assert_int_eq(baseline_read(&baseline, path, 0, why, sizeof(why)), 0);
	measure(pool, 1500, 10);
	c.baseline = &baseline;
	f = open_memstream(&text, &size);
	record_write(f, &c, 1);
	fclose(f);
	c.baseline = NULL;
	ck_assert_ptr_nonnull(strstr(text, "\"to_baseline\": null"));
	ck_assert_ptr_nonnull(
		strstr(text, "\"to_baseline\": {\n      \"requests_per_second\": {\"median\": "
			     "1.5, \"low\": 1.5, \"high\": 1.5, \"verdict\": "
			     "\"more\"}"));
	ck_assert_ptr_nonnull(strstr(text, "\"baseline\": {\n    \"written\": \"20"));
	free(text);
}
END_TEST

START_TEST(test_what_is_not_known_stays_so)
{
	struct cell *pool = made_cell(&c, 0, POOL);

	measure(pool, 1000, NAN);
	write_record();
	ck_assert_int_eq(baseline_read(&baseline, path, 0, why, sizeof(why)), 0);
	ck_assert_uint_eq(ratio(pool, METRIC_CPU).count, 0);
	ck_assert_uint_eq(ratio(pool, METRIC_RATE).count, ROUNDS);
}
END_TEST

START_TEST(test_a_cell_that_it_does_not_have)
{
	write_record();
	ck_assert_int_eq(baseline_read(&baseline, path, 0, why, sizeof(why)), 0);
	made_cell(&c, 0, POOL)->connections = 7;
	ck_assert_ptr_null(baseline_find(&baseline, made_cell(&c, 0, POOL)));
	ck_assert_ptr_nonnull(baseline_find(&baseline, made_cell(&c, 0, EPOLL)));
}
END_TEST

static void refused(const char *text, const char *want)
{
	if (text)
		write_text(text);
	ck_assert_int_eq(baseline_read(&baseline, path, 0, why, sizeof(why)), -EINVAL);
	ck_assert_msg(strstr(why, want), "want '%s' in '%s'", want, why);
	ck_assert_ptr_eq(strstr(why, path), why);
	baseline_clear(&baseline);
}

START_TEST(test_what_is_no_record)
{
	refused("{\n\"a\": ]", ":2: ");
	refused("[1, 2]", "no format");
	refused("{\"format\": \"x\"}", "got x, want a record of modus compare --json");
	refused("{\"format\": \"modus-compare-1\"}", "too few comparisons");
	refused("{\"format\": \"modus-compare-1\", \"comparisons\": [5]}", "no cells");
	unlink(path);
	refused(NULL, "No such file");
}
END_TEST

/* Any JSON of the format's shape is read without harm. */
START_TEST(test_odd_values)
{
	write_text(
		"{\"format\": \"modus-compare-1\", \"comparisons\": [{\"cells\": [5, {\"name\": 1, "
		"\"connections\": -3, \"samples\": {\"requests_per_second\": [null, \"a\", "
		"3]}}]}]}");
	ck_assert_int_eq(baseline_read(&baseline, path, 0, why, sizeof(why)), 0);
	ck_assert_uint_eq(baseline.count, 2);
	ck_assert_uint_eq(baseline.cells[1].counts[METRIC_RATE], 3);
	ck_assert(isnan(baseline.cells[1].values[METRIC_RATE][1]));
	ck_assert_double_eq(baseline.cells[1].values[METRIC_RATE][2], 3);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_what_has_changed,           test_in_the_record,
		test_what_is_not_known_stays_so, test_a_cell_that_it_does_not_have,
		test_what_is_no_record,          test_odd_values,
	};

	return SUITE_RUN("baseline", tests, set_up, tear_down);
}
