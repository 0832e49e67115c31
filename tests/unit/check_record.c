/* SPDX-License-Identifier: MIT */
/* What is written of a comparison: as JSON, as CSV. */
#include "compare/report/record.h"

#include "compare/load/script.h"
#include "compare/report/csv.h"
#include "tests/unit/unit_suite.h"

#include <math.h>
#include <string.h>

static struct modus_model model = { .name = "epoll" };
static struct contestant contestant = { .name = "mine", .model = &model };
static struct sample samples[2];
static struct script script = { .name = "a,\"b\".script",
				.labels = { "", "read" },
				.label_count = 2 };
static struct histogram labels[2];
static struct cell cell;
static struct comparison comparison;
static char *text;

static void set_up(void)
{
	cell = (struct cell) { .contestant = &contestant,
			       .connections = 64,
			       .samples = samples,
			       .count = 2,
			       .labels = labels,
			       .failure = "</script>" };
	comparison = (struct comparison) { .cells = &cell, .count = 1 };
	comparison.options = (struct comparison_options) { .contestants = { contestant },
							   .contestant_count = 1,
							   .script = &script };
	comparison.host = (struct host) { .kernel = "k", .server_cpu = -1 };
	samples[0].of[METRIC_RATE] = 10;
	samples[1].of[METRIC_RATE] = 30.5;
	samples[1].of[METRIC_CPU] = NAN;
	samples[1].of[METRIC_STALLED] = NAN;
	cell.errors.count[LOAD_WRONG] = 3;
	cell.company[COMPANY_SLOW] = (struct company_count) { 2, 9, 8, 1, 0 };
	cell.median[METRIC_RATE] = (struct interval) { 20.25, 10, 30.5, 2 };
	cell.ratio[METRIC_RATE] = (struct interval) { 1.5, 1.25, NAN, 2 };
	cell.verdict[METRIC_RATE] = VERDICT_MORE;
	histogram_add(&cell.latency, 100);
	histogram_add(&cell.latency, 100);
	histogram_add(&cell.latency, 1000000);
	histogram_add(&labels[1], 5);
}

static void tear_down(void)
{
	free(text);
	text = NULL;
}

static void write_with(void (*write)(FILE *f, const struct comparison *all, unsigned count))
{
	size_t size;
	FILE *f = open_memstream(&text, &size);

	write(f, &comparison, 1);
	fclose(f);
}

static void check_has(const char *want)
{
	ck_assert_msg(strstr(text, want), "want %s in\n%s", want, text);
}

START_TEST(test_record)
{
	write_with(record_write);
	ck_assert_int_eq(strncmp(text, "{\n \"format\": \"modus-compare-1\",\n", 31), 0);
	check_has("\"server_cpu\": null,");
	check_has("\"config\": null,");
	check_has("\"scenario\": null,");
	check_has("\"sweep\": null,\n   \"baseline\": null\n");
	check_has("\"company\": {\n      \"slow\": {\"asked\": 2, \"opened\": 9, \"heard\": 8, "
		  "\"thrown_out\": 1, \"refused\": 0}\n     },\n     \"to_baseline\": null,");
	check_has("\"script\": \"a,\\\"b\\\".script\",");
	check_has("\"failure\": \"\\u003c/script>\",");
	check_has("\"requests_per_second\": [10, 30.5],");
	check_has("\"server_cpu_us_per_request\": [0, null],");
	check_has("\"requests_per_second\": 20.25,");
	check_has("\"intervals\": {\n      \"requests_per_second\": "
		  "{\"median\": 20.25, \"low\": 10, \"high\": 30.5}\n     }");
	check_has(
		"\"ratios\": {\n      \"requests_per_second\": "
		"{\"median\": 1.5, \"low\": 1.25, \"high\": null, \"verdict\": \"more\"}\n     }");
	check_has("\"reference\": \"mine\",\n   \"twin\": null,");
	check_has("\"errors_by_kind\": {\n      \"wrong bytes\": 3\n     }");
	check_has("[[100, 2], [1003519, 1]]");
	check_has("\"read\": {\"count\": 1, \"mean_us\": 0.005, \"max_us\": 0.005, "
		  "\"buckets\": [[5, 1]]}");
}
END_TEST

START_TEST(test_csv)
{
	char *second, *line;

	write_with(csv_write);
	line = strtok_r(text, "\n", &second);
	ck_assert_int_eq(strncmp(line, "scenario,config,script,name,mode,connections,round,", 51),
			 0);
	ck_assert_ptr_nonnull(strstr(line, ",offered_per_second\r"));
	line = strtok_r(NULL, "\n", &second);
	ck_assert_int_eq(strncmp(line, ",,\"a,\"\"b\"\".script\",mine,keep,64,1,10,", 37), 0);
	line = strtok_r(NULL, "\n", &second);
	ck_assert_ptr_nonnull(strstr(line, ",64,2,30.5,0,0,0,0,0,0,,0,"));
	ck_assert_ptr_nonnull(
		strstr(line, ",,\r")); /* the last metric is not known, nothing offered */
	ck_assert_ptr_null(strtok_r(NULL, "\n", &second));
}
END_TEST

/* A visit of a sweep is a row, too, and its last field says so. */
START_TEST(test_csv_of_a_sweep)
{
	struct sweep_point point = { .search = 2, .step.rate = 1234.5 };
	struct swept swept = { .contestant = &contestant, .points = &point, .count = 1 };

	point.sample.of[METRIC_RATE] = 1200;
	cell.count = 0;
	comparison.sweep =
		(struct sweep) { .all = &swept, .count = 1, .mode = LOAD_CLOSE, .connections = 8 };
	write_with(csv_write);
	check_has(".script\",mine,close,8,2,1200,");
	check_has(",1234.5\r\n");
}
END_TEST

int main(void)
{
	const TTest *tests[] = { test_record, test_csv, test_csv_of_a_sweep };

	return SUITE_RUN("record", tests, set_up, tear_down);
}
