/* SPDX-License-Identifier: MIT */
#include "compare/statistics.h"

#include <math.h>
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
	[METRIC_CPU_USER] = "server_user_us_per_request",
	[METRIC_CPU_SYSTEM] = "server_system_us_per_request",
	[METRIC_MEMORY_PEAK] = "server_memory_peak_mb",
	[METRIC_FAULTS_MINOR] = "minor_faults_per_request",
	[METRIC_FAULTS_MAJOR] = "major_faults_per_request",
	[METRIC_SWITCHES_VOLUNTARY] = "voluntary_switches_per_request",
	[METRIC_SWITCHES_INVOLUNTARY] = "involuntary_switches_per_request",
	[METRIC_SYSCALLS] = "system_calls_per_request",
	[METRIC_QUEUE_MEAN] = "accept_queue_mean",
	[METRIC_QUEUE_PEAK] = "accept_queue_peak",
	[METRIC_BALANCE] = "balance",
	[METRIC_FAIRNESS] = "fairness",
	[METRIC_STALLED] = "stalled",
};

static int by_value(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

unsigned statistics_values(const struct sample *samples, unsigned n, enum metric m, double *values)
{
	if (n > STATISTICS_MAX)
		n = STATISTICS_MAX;
	for (unsigned i = 0; i < n; i++)
		values[i] = samples[i].of[m];
	return n;
}

/* Of what is known: how many that are. */
static unsigned sort(const struct sample *samples, unsigned n, enum metric m, double *sorted)
{
	unsigned known = 0;

	for (unsigned i = 0; i < n; i++)
		if (!isnan(samples[i].of[m]))
			sorted[known++] = samples[i].of[m];
	qsort(sorted, known, sizeof(*sorted), by_value);
	return known;
}

double statistics_median(const struct sample *samples, unsigned n, enum metric m)
{
	double sorted[STATISTICS_MAX] = { 0 };
	unsigned known = sort(samples, n, m, sorted);

	if (!known)
		return n ? NAN : 0;
	return (sorted[(known - 1) / 2] + sorted[known / 2]) / 2;
}

double statistics_spread(const struct sample *samples, unsigned n, enum metric m)
{
	double sorted[STATISTICS_MAX] = { 0 }, median = statistics_median(samples, n, m);
	unsigned known = sort(samples, n, m, sorted);

	if (!known || median <= 0)
		return 0;
	return 50 * (sorted[known - 1] - sorted[0]) / median;
}

double statistics_sum(const struct sample *samples, unsigned n, enum metric m)
{
	double sum = 0;

	for (unsigned i = 0; i < n; i++)
		sum += isnan(samples[i].of[m]) ? 0 : samples[i].of[m];
	return sum;
}

double statistics_least(const struct sample *samples, unsigned n, enum metric m)
{
	double sorted[STATISTICS_MAX] = { 0 };

	return sort(samples, n, m, sorted) ? sorted[0] : 0;
}
