/* SPDX-License-Identifier: MIT */
/* Sweeps of contestants that are formulas, in a time that passes as it is told. */
#include "compare/sweep.h"

#include "compare/report/sweep_report.h"
#include "tests/unit/comparison_fixture.h"
#include "tests/unit/unit_suite.h"

#include <string.h>

enum { ITERATIVE, POOL, TWIN, EPOLL, VISITS = 600 };

static struct comparison_options options;
static struct comparison c;
static double now, capacity[4], longest;
static char *text;
static struct {
	const char *name;
	double rate;
} visited[VISITS];
static unsigned count;

static void set_up(void)
{
	options = made_options();
	options.sweep = (struct sweep_options) { .bound = 0.01, .duration = 1, .budget = 1000 };
	now = 1000;
	longest = 0;
	count = 0;
	capacity[ITERATIVE] = 1000;
	capacity[POOL] = 8000;
	capacity[EPOLL] = 10000;
}

static void tear_down(void)
{
	sweep_free(&c.sweep);
	cells_free(&c);
	free(text);
	text = NULL;
}

static void begin(void)
{
	made_comparison(&c, &options);
	made_sample(made_cell(&c, 1, POOL), 16111, 10);
	ck_assert_int_eq(sweep_begin(&c.sweep, &c, now), 0);
}

/* A load of a second: above the capacity it is overload, below the p99 is 1 ms. */
static void load(struct sweep_visit *v, double most)
{
	struct load_result *r = &v->result;
	bool over = v->rate > most;

	r->seconds = 1;
	r->requests = (uint64_t)(over ? most : v->rate);
	r->overload = over;
	histogram_add(&r->latency, over ? 100000000 : 1000000);
	v->sample.of[METRIC_RATE] = (double)r->requests;
	v->sample.of[METRIC_CPU] = 50;
	v->sample.of[METRIC_SERVED] = 64;
}

static unsigned place(const struct contestant *who)
{
	return (unsigned)(who - c.options.contestants);
}

static bool step(void)
{
	struct swept *who = sweep_next(&c.sweep, now);
	struct sweep_visit v;
	struct cell cell;

	if (!who)
		return false;
	sweep_plan_visit(&c.sweep, who, &v, &cell);
	ck_assert_uint_lt(count, VISITS);
	visited[count].name = cell.contestant->name;
	visited[count++].rate = v.rate;
	longest = fmax(longest, v.duration);
	load(&v, capacity[place(who->contestant)]);
	now += 1.5;
	sweep_add(&c.sweep, who, &v, 0, "");
	return true;
}

static void run(void)
{
	begin();
	while (step())
		;
	sweep_end(&c.sweep, now);
}

static struct sweep_knee knee_of(unsigned swept)
{
	return sweep_knee(&c.sweep.all[swept]);
}

/* The most connections of the first mode; no twin; a rate that is easily read. */
START_TEST(test_what_is_swept)
{
	begin();
	ck_assert_uint_eq(c.sweep.count, 3);
	ck_assert_uint_eq(c.sweep.connections, 64);
	ck_assert_str_eq(c.sweep.all[2].contestant->name, "epoll");
	ck_assert_double_eq_tol(knee_next(&c.sweep.all[0].knee), 4000, 1e-6);
}
END_TEST

START_TEST(test_knees)
{
	run();
	for (unsigned i = 0; i < 3; i++) {
		double most = capacity[i == 2 ? EPOLL : i];
		struct sweep_knee k = knee_of(i);

		ck_assert_uint_eq(k.searches, SWEEP_SEARCHES);
		ck_assert_double_le(k.rate, most);
		ck_assert_double_ge(k.high, most);
		ck_assert_double_le(k.high, k.low * 1.05);
		ck_assert_int_eq(k.limit, KNEE_OVERLOAD);
		ck_assert_double_eq_tol(k.point->step.rate, k.rate, 1e-6);
		ck_assert_double_eq_tol(k.point->sample.of[METRIC_CPU], 50, 1e-6);
	}
	ck_assert(sweep_well(&c.sweep));
	ck_assert_double_eq_tol(c.sweep.seconds, 1.5 * count, 1e-6);
}
END_TEST

/* Nobody is a visit ahead of one whose search goes on. */
START_TEST(test_in_turns)
{
	begin();
	for (unsigned i = 0; i < 3 * 3; i++)
		ck_assert(step());
	for (unsigned i = 0; i < count; i += 3)
		for (unsigned k = 0; k < 3; k++)
			ck_assert_str_ne(visited[i + k].name, visited[i + (k + 1) % 3].name);
}
END_TEST

/* Those that are alike are measured at the same rates. */
START_TEST(test_one_grid)
{
	capacity[POOL] = capacity[EPOLL] = 7777;
	run();
	ck_assert_uint_eq(c.sweep.all[1].count, c.sweep.all[2].count);
	for (unsigned i = 0; i < c.sweep.all[1].count; i++)
		ck_assert_double_eq_tol(c.sweep.all[1].points[i].step.rate,
					c.sweep.all[2].points[i].step.rate, 1e-6);
}
END_TEST

/* What a search found is searched again, and where they differ the median counts. */
START_TEST(test_searches_that_differ)
{
	begin();
	while (!c.sweep.all[1].searches && step())
		;
	capacity[POOL] = 4500;
	while (step())
		;
	ck_assert_double_ge(knee_of(1).high, 8000);
	ck_assert_double_le(knee_of(1).low, 4500);
	ck_assert_double_le(knee_of(1).rate, 4500);
	ck_assert_double_ge(knee_of(1).rate, 4000);
}
END_TEST

START_TEST(test_as_many_searches_as_rounds)
{
	options.rounds = 1;
	run();
	ck_assert_uint_eq(knee_of(0).searches, 1);
}
END_TEST

/* What is known by then is told as such. */
START_TEST(test_budget)
{
	options.sweep.budget = 8;
	run();
	ck_assert_double_le(c.sweep.seconds, 8);
	ck_assert_uint_eq(knee_of(2).searches, 0);
	ck_assert_double_ge(knee_of(2).rate, 4000);
}
END_TEST

/* Visits are as long as there is time for; of a second at most, and longer where little comes. */
START_TEST(test_duration)
{
	options.sweep.duration = 0;
	begin();
	ck_assert_double_eq_tol(c.sweep.duration, 1, 1e-6);
	tear_down();
	options.sweep.budget = 20;
	begin();
	ck_assert_double_eq_tol(c.sweep.duration, 0.3, 1e-6);
	capacity[ITERATIVE] = 130;
	c.sweep.budget = 1000;
	while (step())
		;
	ck_assert_double_gt(longest, 0.7);
	ck_assert_double_le(longest, 1.001);
}
END_TEST

START_TEST(test_failure)
{
	struct sweep_visit v = { .rate = 1 };
	struct swept *who;

	begin();
	who = sweep_next(&c.sweep, now);
	sweep_add(&c.sweep, who, &v, -1, "it has no leg");
	ck_assert(!sweep_well(&c.sweep));
	ck_assert_str_eq(who->failure, "it has no leg");
	while (step())
		ck_assert_str_ne(visited[count - 1].name, who->contestant->name);
	tear_down();
	made_comparison(&c, &options);
	snprintf(made_cell(&c, 1, EPOLL)->failure, 8, "broken");
	ck_assert_int_eq(sweep_begin(&c.sweep, &c, now), 0);
	ck_assert(!sweep_well(&c.sweep));
	while (step())
		ck_assert_str_ne(visited[count - 1].name, "epoll");
}
END_TEST

/* ---- What is told ----------------------------------------------------------------------------*/

static FILE *report(void)
{
	static size_t size;
	FILE *f;

	free(text);
	f = open_memstream(&text, &size);
	ck_assert_ptr_nonnull(f);
	return f;
}

static void check_has(const char *want)
{
	ck_assert_msg(strstr(text, want), "want %s in\n%s", want, text);
}

static void print(void)
{
	FILE *f = report();

	sweep_report(f, &c);
	fclose(f);
}

START_TEST(test_text)
{
	capacity[ITERATIVE] = 0;
	run();
	snprintf(c.sweep.all[1].failure, 8, "broken");
	print();
	check_has("p99 up to 10 ms, 64 connections kept open (knee)\n");
	check_has("\niterative  none of the rates, from ");
	check_has("\npool       failed, see below\n");
	check_has("\nepoll          9935  9935-10375 ");
	check_has("     1000     1000     50.0       all  overload\n");
	check_has("\n- pool: broken\n");
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		ck_assert_uint_le(strlen(line), 100);
}
END_TEST

START_TEST(test_json)
{
	struct json j;
	FILE *f;

	capacity[ITERATIVE] = 0;
	run();
	f = report();
	json_begin(&j, f, 1);
	json_object(&j, NULL);
	sweep_report_json(&j, &c);
	json_end(&j);
	fclose(f);
	check_has("{\"p99_bound_us\": 10000, \"mode\": \"keep\", \"connections\": 64,");
	check_has("{\"name\": \"iterative\", \"knee\": null, \"low\": null, \"high\": ");
	check_has("\"limit\": \"overload\", \"searches\": 3, \"failure\": null, \"points\": [{"
		  "\"search\": 1, \"rate\": 4000, \"requests_per_second\": 4000,");
	check_has("\"server_cpu_us_per_request\": 50, \"served\": 64, \"errors\": 0, "
		  "\"overload\": false, \"late\": false, \"under\": true}");
}
END_TEST

/* Where none was asked for nothing is told. */
START_TEST(test_none)
{
	made_comparison(&c, &options);
	print();
	ck_assert_str_eq(text, "");
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_what_is_swept,
		test_knees,
		test_in_turns,
		test_one_grid,
		test_searches_that_differ,
		test_as_many_searches_as_rounds,
		test_budget,
		test_duration,
		test_failure,
		test_text,
		test_json,
		test_none,
	};

	return SUITE_RUN("sweep", tests, set_up, tear_down);
}
