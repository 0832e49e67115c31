/* SPDX-License-Identifier: MIT */
#include "compare/load/load_conn.h"

#include <math.h>
#include <string.h>

static const uint64_t LATE_NS = 1000000;

const char *const load_error_names[LOAD_ERRORS] = {
	[LOAD_REFUSED] = "refused",     [LOAD_CONNECT] = "not connected",
	[LOAD_RESET] = "reset",         [LOAD_CLOSED] = "closed early",
	[LOAD_TRUNCATED] = "cut short", [LOAD_WRONG] = "wrong bytes",
	[LOAD_STATUS] = "wrong status", [LOAD_TIMEOUT] = "timeout",
	[LOAD_LOST] = "lost",
};
const char *const load_mode_names[] = { [LOAD_KEEP] = "keep", [LOAD_CLOSE] = "close", NULL };
const char *const load_arrivals_names[] = {
	[PACE_CONSTANT] = "constant", [PACE_POISSON] = "poisson", NULL
};

uint64_t load_errors_sum(const struct load_errors *e)
{
	uint64_t sum = 0;

	for (int i = 0; i < LOAD_ERRORS; i++)
		sum += e->count[i];
	return sum;
}

uint64_t load_errors_wrong(const struct load_errors *e)
{
	return e->count[LOAD_WRONG] + e->count[LOAD_STATUS] + e->count[LOAD_TRUNCATED];
}

void load_errors_add(struct load_errors *into, const struct load_errors *from)
{
	for (int i = 0; i < LOAD_ERRORS; i++) {
		into->count[i] += from->count[i];
		if (from->number[i])
			into->number[i] = from->number[i];
	}
}

void load_result_merge(struct load_result *into, const struct load_result *from)
{
	into->requests += from->requests;
	into->answered += from->answered;
	into->arrived += from->arrived;
	if (from->seconds > 0)
		into->offered += (double)from->arrived / from->seconds;
	into->unanswered += from->unanswered;
	into->fallen_behind += from->fallen_behind;
	if (from->seconds > into->seconds)
		into->seconds = from->seconds;
	into->client_cpu += from->client_cpu;
	histogram_merge(&into->latency, &from->latency);
	histogram_merge(&into->lag, &from->lag);
	load_errors_add(&into->errors, &from->errors);
	if (!*into->wrong)
		memcpy(into->wrong, from->wrong, sizeof(into->wrong));
}

/* By Little's law: each connection waits for a reply all the time. */
static double stalled(const struct load_result *r, const struct load_options *o)
{
	double time = r->seconds * o->connections * (o->pipeline ? o->pipeline : 1);

	if (o->rate > 0 || o->think > 0 || o->ramp > 0 || o->script || time <= 0)
		return NAN;
	return fmax(0, 1 - (double)r->latency.sum / 1e9 / time);
}

/* The rules stand in load.h. */
void load_result_judge(struct load_result *r, const struct load_options *o)
{
	double cpus = r->seconds * (o->threads ? o->threads : 1);

	r->stalled = stalled(r, o);
	if (o->rate <= 0)
		return;
	r->overload = r->fallen_behind > (int64_t)(r->arrived / 20 + 3);
	r->late = histogram_percentile(&r->lag, 99) > LATE_NS ||
		  (r->overload && r->client_cpu > 0.9 * cpus);
}
