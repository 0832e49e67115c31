/* SPDX-License-Identifier: MIT */
#include "compare/sample.h"

#include <math.h>

static double latency_us(const struct load_result *r, double percent)
{
	if (!r->latency.count)
		return NAN;
	return (double)histogram_percentile(&r->latency, percent) / 1e3;
}

static double per_second(const struct load_result *r, double x)
{
	return r->seconds > 0 ? x / r->seconds : 0;
}

static void sample_client(const struct load_result *r, struct sample *s)
{
	s->of[METRIC_SERVED] = r->served;
	s->of[METRIC_ERRORS] = (double)load_errors_sum(&r->errors);
	s->of[METRIC_CLIENT_CPU] = per_second(r, r->client_cpu);
}

static void sample_replies(const struct load_result *r, struct sample *s)
{
	s->of[METRIC_RATE] = per_second(r, (double)r->requests);
	s->of[METRIC_P50] = latency_us(r, 50);
	s->of[METRIC_P90] = latency_us(r, 90);
	s->of[METRIC_P99] = latency_us(r, 99);
	s->of[METRIC_P999] = latency_us(r, 99.9);
	s->of[METRIC_MAX] = latency_us(r, 100);
	s->of[METRIC_FAIRNESS] = r->requests ? r->fairness : NAN;
	s->of[METRIC_STALLED] = r->stalled;
}

struct sample sample_of(const struct load_result *r, const struct watcher *w)
{
	struct sample s;

	for (int m = 0; m < METRICS; m++)
		s.of[m] = NAN;
	sample_client(r, &s);
	if (r->late)
		return s;
	sample_replies(r, &s);
	watcher_sample(w, r, &s);
	return s;
}
