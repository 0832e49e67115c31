/* SPDX-License-Identifier: MIT */
#include "compare/sample.h"

#include "tests/unit/unit_suite.h"

#include <math.h>

/* A server whose processes are known, and which has used 3 ms of CPU. */
static const struct watcher seen = { .root = 1, .counted = true, .end = { .cpu = 0.003 } };
static struct load_result r;

static void set_up(void)
{
	r = (struct load_result) {
		.requests = 3, .seconds = 1.5, .served = 2, .fairness = 0.9, .client_cpu = 0.3
	};
	for (unsigned i = 1; i <= 3; i++)
		histogram_add(&r.latency, UINT64_C(64000) * i);
}

static void tear_down(void)
{
}

START_TEST(test_figures)
{
	struct sample s = sample_of(&r, &seen);

	ck_assert_double_eq(s.of[METRIC_RATE], 2);
	ck_assert_double_eq_tol(s.of[METRIC_P50], 128, 1);
	ck_assert_double_eq(s.of[METRIC_MAX], 192);
	ck_assert_double_eq(s.of[METRIC_SERVED], 2);
	ck_assert_double_eq(s.of[METRIC_FAIRNESS], 0.9);
	ck_assert_double_eq_tol(s.of[METRIC_CLIENT_CPU], 0.2, 1e-9);
	ck_assert_double_eq_tol(s.of[METRIC_CPU], 1000, 1e-9);
	ck_assert(isnan(s.of[METRIC_QUEUE_PEAK]));
}
END_TEST

/* Nought would be the best of all latencies, and the least CPU. */
START_TEST(test_without_requests_nothing_is_known_of_them)
{
	struct sample s;

	r = (struct load_result) { .seconds = 1.5, .errors.count[LOAD_TIMEOUT] = 4 };
	s = sample_of(&r, &seen);
	ck_assert_double_eq(s.of[METRIC_RATE], 0);
	ck_assert_double_eq(s.of[METRIC_SERVED], 0);
	ck_assert_double_eq(s.of[METRIC_ERRORS], 4);
	for (int m = METRIC_P50; m <= METRIC_MAX; m++)
		ck_assert(isnan(s.of[m]));
	ck_assert(isnan(s.of[METRIC_CPU]));
	ck_assert(isnan(s.of[METRIC_FAULTS_MINOR]));
	ck_assert(isnan(s.of[METRIC_FAIRNESS]));
}
END_TEST

START_TEST(test_of_a_late_client_only_what_it_cannot_have_made_better)
{
	struct sample s;

	r.late = true;
	s = sample_of(&r, &seen);
	for (int m = 0; m < METRICS; m++)
		ck_assert_int_eq(!isnan(s.of[m]), m == METRIC_SERVED || m == METRIC_ERRORS ||
							  m == METRIC_CLIENT_CPU);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_figures,
		test_without_requests_nothing_is_known_of_them,
		test_of_a_late_client_only_what_it_cannot_have_made_better,
	};

	return SUITE_RUN("sample", tests, set_up, tear_down);
}
