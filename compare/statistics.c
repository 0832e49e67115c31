/* SPDX-License-Identifier: MIT */
#include "compare/statistics.h"

#include <stdlib.h>

const char *const metric_names[METRICS] = {
	[METRIC_RATE] = "requests_per_second",
	[METRIC_P50] = "p50_us",
	[METRIC_P90] = "p90_us",
	[METRIC_P99] = "p99_us",
	[METRIC_P999] = "p99.9_us",
	[METRIC_MAX] = "max_us",
	[METRIC_SERVED] = "served",
	[METRIC_CPU] = "server_cpu_us_per_request",
	[METRIC_MEMORY] = "server_memory_mb",
	[METRIC_PROCESSES] = "server_processes",
	[METRIC_THREADS] = "server_threads",
	[METRIC_CLIENT_CPU] = "client_cpu",
	[METRIC_ERRORS] = "errors",
};

static int by_value(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

static void sort(const struct sample *samples, unsigned n, enum metric m, double *sorted)
{
	for (unsigned i = 0; i < n; i++)
		sorted[i] = samples[i].of[m];
	qsort(sorted, n, sizeof(*sorted), by_value);
}

double statistics_median(const struct sample *samples, unsigned n, enum metric m)
{
	double sorted[STATISTICS_MAX];

	if (!n)
		return 0;
	sort(samples, n, m, sorted);
	return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
}

double statistics_spread(const struct sample *samples, unsigned n, enum metric m)
{
	double sorted[STATISTICS_MAX], median = statistics_median(samples, n, m);

	if (!n || median <= 0)
		return 0;
	sort(samples, n, m, sorted);
	return 50 * (sorted[n - 1] - sorted[0]) / median;
}

double statistics_sum(const struct sample *samples, unsigned n, enum metric m)
{
	double sum = 0;

	for (unsigned i = 0; i < n; i++)
		sum += samples[i].of[m];
	return sum;
}

double statistics_least(const struct sample *samples, unsigned n, enum metric m)
{
	double least = n ? samples[0].of[m] : 0;

	for (unsigned i = 1; i < n; i++)
		if (samples[i].of[m] < least)
			least = samples[i].of[m];
	return least;
}
