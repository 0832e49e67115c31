/* SPDX-License-Identifier: MIT */
#include "compare/advice.h"

static enum advice_fate first_fate(const struct comparison *c, const struct cell *cell, unsigned i)
{
	const struct sample *s = cell->samples;

	if (!cell->contestant->model || (i == c->twin && i != c->reference))
		return ADVICE_NO_MODEL;
	if (!cell->count || *cell->failure)
		return ADVICE_FAILED;
	if (statistics_least(s, cell->count, METRIC_SERVED) < cell->connections)
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

/* Leaves those out whose interval lies above that of the best. */
static void leave_out_worse(struct advice *a, const struct cell *cells, unsigned n, enum metric m,
			    enum advice_fate why)
{
	int best = least(a, cells, n, m);

	for (unsigned i = 0; best >= 0 && i < n; i++)
		if (a->fate[i] == ADVICE_CHOSEN &&
		    cells[i].median[m].low > cells[best].median[m].high)
			leave_out(a, i, why);
}

struct advice advice_on(const struct comparison *c, unsigned load)
{
	unsigned n = c->options.contestant_count;
	const struct cell *cells = &c->cells[load * n];
	struct advice a = { .choice = -1 };

	for (unsigned i = 0; i < n; i++) {
		enum advice_fate fate = first_fate(c, &cells[i], i);

		if (fate != ADVICE_CHOSEN)
			leave_out(&a, i, fate);
	}
	leave_out_worse(&a, cells, n, METRIC_P99, ADVICE_SLOWER);
	leave_out_worse(&a, cells, n, METRIC_CPU, ADVICE_DEARER);
	a.choice = least(&a, cells, n, METRIC_MEMORY);
	for (unsigned i = 0; i < n; i++) {
		if (a.fate[i] == ADVICE_CHOSEN && a.choice < 0)
			a.choice = (int)i;
		if (a.fate[i] == ADVICE_CHOSEN && (int)i != a.choice)
			leave_out(&a, i, ADVICE_BIGGER);
	}
	return a;
}

/* Whether it was fit for all the loads. */
static bool is_fit(const struct comparison *c, unsigned contestant)
{
	for (unsigned load = 0; load < comparison_loads(c); load++) {
		struct advice a = advice_on(c, load);

		if (a.choice >= 0 && a.fate[contestant] != ADVICE_CHOSEN &&
		    a.fate[contestant] < ADVICE_SLOWER)
			return false;
	}
	return true;
}

static unsigned times_chosen(const struct comparison *c, unsigned contestant)
{
	unsigned times = 0;

	for (unsigned load = 0; load < comparison_loads(c); load++)
		times += advice_on(c, load).choice == (int)contestant;
	return times;
}

int advice_on_all(const struct comparison *c)
{
	int last = comparison_loads(c) ? advice_on(c, comparison_loads(c) - 1).choice : -1;
	int best = -1, best_times = 0;

	for (unsigned i = 0; i < c->options.contestant_count; i++) {
		int times = (int)(2 * times_chosen(c, i)) + ((int)i == last);

		if (times > best_times && is_fit(c, i)) {
			best = (int)i;
			best_times = times;
		}
	}
	return best >= 0 ? best : last;
}
