/* SPDX-License-Identifier: MIT */
#include "compare/advice.h"

#include "compare/judgement.h"

const char *const advice_fate_names[ADVICE_FATES] = {
	[ADVICE_CHOSEN] = "chosen", [ADVICE_NO_MODEL] = "no model", [ADVICE_FAILED] = "failed",
	[ADVICE_LATE] = "late",     [ADVICE_UNSERVED] = "unserved", [ADVICE_ERRORS] = "errors",
	[ADVICE_SLOWER] = "slower", [ADVICE_DEARER] = "dearer",     [ADVICE_BIGGER] = "bigger",
};

/* ---- One load ---------------------------------------------------------------------------------*/

/* Of a closed loop: a server that stops replying has few latencies, and all of them are good. */
static const double STALLED = 0.25;

bool advice_stalled(const struct cell *cell)
{
	return cell->median[METRIC_STALLED].count && cell->median[METRIC_STALLED].median > STALLED;
}

static enum advice_fate first_fate(const struct comparison *c, const struct cell *cell, unsigned i)
{
	const struct sample *s = cell->samples;

	if (!cell->contestant->model || (i == c->twin && i != c->reference))
		return ADVICE_NO_MODEL;
	if (!cell->count || *cell->failure)
		return ADVICE_FAILED;
	if (cell->late == cell->count)
		return ADVICE_LATE;
	if (statistics_least(s, cell->count, METRIC_SERVED) < cell->connections ||
	    advice_stalled(cell))
		return ADVICE_UNSERVED;
	return load_errors_sum(&cell->errors) ? ADVICE_ERRORS : ADVICE_CHOSEN;
}

/* Of those that are left, the one with the least median; what is not known is not less. */
static int least(const struct advice *a, const struct cell *cells, unsigned n, enum metric m)
{
	int best = -1;

	for (unsigned i = 0; i < n; i++)
		if (a->fate[i] == ADVICE_CHOSEN && cells[i].median[m].count &&
		    (best < 0 || cells[i].median[m].median < cells[best].median[m].median))
			best = (int)i;
	return best;
}

static void leave_out(struct advice *a, unsigned i, enum advice_fate why)
{
	a->fate[i] = why;
	if (why > a->decider)
		a->decider = why;
}

/* By more than would matter, which is further where the rounds cannot tell. */
static bool is_worse(const struct advice_ratio *r, double precision)
{
	if (r->verdict == VERDICT_UNKNOWN)
		return r->of.median > 1 + interval_wide;
	return r->verdict == VERDICT_MORE && r->of.median > 1 + precision;
}

static void leave_out_worse(struct advice *a, const struct comparison *c, unsigned load,
			    enum metric m, enum advice_fate why)
{
	unsigned n = c->options.contestant_count;
	const struct cell *cells = &c->cells[load * n];
	int best = least(a, cells, n, m);

	for (unsigned i = 0; best >= 0 && i < n; i++) {
		struct advice_ratio r = { .to = best };

		if (a->fate[i] != ADVICE_CHOSEN || (int)i == best)
			continue;
		r.of = judgement_ratio(&cells[i], &cells[best], m);
		r.verdict =
			interval_verdict(&r.of, comparison_noise(c, load, m), c->options.precision);
		if (!is_worse(&r, c->options.precision))
			continue;
		leave_out(a, i, why);
		a->ratio[i] = r;
		a->sure &= r.verdict == VERDICT_MORE;
	}
}

struct advice advice_on(const struct comparison *c, unsigned load)
{
	unsigned n = c->options.contestant_count;
	const struct cell *cells = &c->cells[load * n];
	struct advice a = { .choice = -1, .sure = true };

	for (unsigned i = 0; i < n; i++) {
		enum advice_fate fate = first_fate(c, &cells[i], i);

		if (fate != ADVICE_CHOSEN)
			leave_out(&a, i, fate);
	}
	leave_out_worse(&a, c, load, METRIC_P99, ADVICE_SLOWER);
	leave_out_worse(&a, c, load, METRIC_CPU, ADVICE_DEARER);
	a.choice = least(&a, cells, n, METRIC_MEMORY);
	for (unsigned i = 0; i < n; i++) {
		if (a.fate[i] == ADVICE_CHOSEN && a.choice < 0)
			a.choice = (int)i;
		if (a.fate[i] == ADVICE_CHOSEN && (int)i != a.choice)
			leave_out(&a, i, ADVICE_BIGGER);
	}
	return a;
}

/* ---- All loads --------------------------------------------------------------------------------*/

/* How often each contestant is the choice; -1: it is not fit for one of the loads. */
static void count_choices(const struct comparison *c, int times[], int *last)
{
	for (unsigned load = 0; load < comparison_loads(c); load++) {
		struct advice a = advice_on(c, load);

		*last = a.choice;
		for (unsigned i = 0; a.choice >= 0 && i < c->options.contestant_count; i++)
			if (a.fate[i] != ADVICE_CHOSEN && a.fate[i] < ADVICE_SLOWER)
				times[i] = -1;
			else if (times[i] >= 0)
				times[i] += a.choice == (int)i;
	}
}

int advice_on_all(const struct comparison *c)
{
	int times[COMPARISON_CONTESTANTS_MAX + 1] = { 0 }, last = -1, best = -1;

	count_choices(c, times, &last);
	for (int i = 0; i < (int)c->options.contestant_count; i++)
		if (times[i] > 0 &&
		    (best < 0 || times[i] > times[best] || (times[i] == times[best] && i == last)))
			best = i;
	return best;
}

/* Of a mode, the load with the least connections that are more than so many; -1: there is none. */
static int next_load(const struct comparison *c, enum load_mode mode, unsigned above)
{
	unsigned n = c->options.contestant_count;
	int next = -1;

	for (int load = 0; load < (int)comparison_loads(c); load++) {
		const struct cell *cell = &c->cells[(unsigned)load * n];

		if (cell->mode == mode && cell->connections > above &&
		    (next < 0 || cell->connections < c->cells[(unsigned)next * n].connections))
			next = load;
	}
	return next;
}

static unsigned ranges_of(const struct comparison *c, enum load_mode mode, struct advice_range *r)
{
	unsigned count = 0, above = 0;
	int load;

	while ((load = next_load(c, mode, above)) >= 0) {
		struct advice a = advice_on(c, (unsigned)load);

		above = c->cells[(unsigned)load * c->options.contestant_count].connections;
		if (!count || a.choice != r[count - 1].choice) {
			r[count] = (struct advice_range) { .mode = mode,
							   .from = above,
							   .first = !count,
							   .choice = a.choice,
							   .sure = true };
			count++;
		}
		r[count - 1].to = above;
		r[count - 1].sure &= a.sure;
	}
	if (count)
		r[count - 1].last = true;
	return count;
}

unsigned advice_ranges(const struct comparison *c, struct advice_range ranges[ADVICE_RANGES])
{
	unsigned count = 0;

	for (unsigned i = 0; i < c->options.mode_count; i++)
		count += ranges_of(c, c->options.modes[i], &ranges[count]);
	return count;
}
