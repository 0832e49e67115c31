/* SPDX-License-Identifier: MIT */
#include "compare/report/advice_report.h"

#include "compare/advice.h"

#include <libconfig.h>
#include <string.h>

enum { FATE = 24, WIDTH = 100 }; /* the column of figures; that of the end */

static const char *const decisions[ADVICE_FATES] = {
	[ADVICE_CHOSEN] = "nobody else took part",
	[ADVICE_NO_MODEL] = "there is no other model",
	[ADVICE_FAILED] = "it alone could be measured",
	[ADVICE_LATE] = "it alone could be measured",
	[ADVICE_UNSERVED] = "it alone served all connections without errors",
	[ADVICE_ERRORS] = "it alone served all connections without errors",
	[ADVICE_SLOWER] = "the best p99",
	[ADVICE_DEARER] = "no worse p99, the least CPU",
	[ADVICE_BIGGER] = "no worse p99 and CPU, the least memory",
};

static const char *const fates[ADVICE_FATES] = {
	[ADVICE_CHOSEN] = "chosen",
	[ADVICE_NO_MODEL] = "no model",
	[ADVICE_FAILED] = "not measured",
	[ADVICE_LATE] = "the client was too slow",
	[ADVICE_UNSERVED] = "left some waiting",
	[ADVICE_ERRORS] = "had errors",
	[ADVICE_SLOWER] = "worse p99",
	[ADVICE_DEARER] = "more CPU",
	[ADVICE_BIGGER] = "no worse, more memory",
};

static const struct cell *cell_of(const struct comparison *c, unsigned load, int contestant)
{
	return &c->cells[load * c->options.contestant_count + (unsigned)contestant];
}

static const char *name_of(const struct comparison *c, int contestant)
{
	return contestant < 0 ? "none" : c->options.contestants[contestant].name;
}

static void print_connections(FILE *f, unsigned n)
{
	fprintf(f, "%u connection%s", n, n == 1 ? "" : "s");
}

/* "1.31 times, 1.19-1.40" */
static void print_times(FILE *f, const struct advice_ratio *r)
{
	fprintf(f, "%.2f times", r->of.median);
	if (r->of.count > 1)
		fprintf(f, ", %.2f-%.2f", r->of.low, r->of.high);
}

/* Of those who were left out last, the one that was nearest to staying; -1: no ratio decided. */
static int nearest(const struct comparison *c, const struct advice *a)
{
	int best = -1;

	if (a->decider != ADVICE_SLOWER && a->decider != ADVICE_DEARER)
		return -1;
	for (int i = 0; i < (int)c->options.contestant_count; i++)
		if (a->fate[i] == a->decider &&
		    (best < 0 || a->ratio[i].of.median < a->ratio[best].of.median))
			best = i;
	return best;
}

void advice_report_line(FILE *f, const struct comparison *c, unsigned load)
{
	struct advice a = advice_on(c, load);
	int next = nearest(c, &a);

	if (c->options.contestant_count < 2 || !comparison_rounds(c, load) ||
	    !comparison_any_model(&c->options))
		return;
	if (a.choice < 0) {
		fputs("Choose: none of them served all connections without errors.\n", f);
		return;
	}
	fprintf(f, "Choose: %s%s (%s", name_of(c, a.choice), a.sure ? "" : ", not sure",
		decisions[a.decider]);
	if (next >= 0) {
		fprintf(f, "; %s has ", name_of(c, next));
		print_times(f, &a.ratio[next]);
	}
	fputs(").\n", f);
}

/* ---- All loads ------------------------------------------------------------------------------*/

/* "for 1 connection iterative", "for 64..128 pool", "from 512 on epoll" */
static int range_text(char *text, size_t size, const struct comparison *c,
		      const struct advice_range *r)
{
	char from[16] = "";
	bool to_the_end = r->last && !r->first;

	if (r->from < r->to && !to_the_end)
		snprintf(from, sizeof(from), "%u..", r->from);
	return snprintf(text, size, "%s %s%u%s%s %s%s", to_the_end ? "from" : "for", from,
			to_the_end ? r->from : r->to,
			!r->first    ? ""
			: r->to == 1 ? " connection"
				     : " connections",
			to_the_end ? " on" : "", name_of(c, r->choice),
			r->sure ? "" : " (not sure)");
}

/* Those of a mode follow each other as far as a line has room. */
static void print_ranges(FILE *f, const struct comparison *c, const struct advice_range *ranges,
			 unsigned count)
{
	char text[128];
	int column = 0;

	for (unsigned i = 0; i < count; i++) {
		int n = range_text(text, sizeof(text), c, &ranges[i]);

		if (ranges[i].first)
			column = fprintf(f, "  %s: ", load_mode_names[ranges[i].mode]);
		else if (column + n + 3 > WIDTH)
			column = fprintf(f, ";\n    ") - 2;
		else
			column += fprintf(f, "; ");
		column += fprintf(f, "%s%s", text, ranges[i].last ? ".\n" : "");
	}
}

static bool any_rounds(const struct comparison *c)
{
	for (unsigned load = 0; load < comparison_loads(c); load++)
		if (comparison_rounds(c, load))
			return true;
	return false;
}

void advice_report_whole(FILE *f, const struct comparison *c)
{
	struct advice_range ranges[ADVICE_RANGES];
	unsigned count = advice_ranges(c, ranges);
	int choice = advice_on_all(c);

	if (c->options.contestant_count < 2 || comparison_loads(c) < 2 || !any_rounds(c))
		return;
	if (choice < 0)
		fputs("\nNo model is fit for all of these loads. By load:\n", f);
	else
		fprintf(f,
			"\nOne for all of these loads: %s, which is fit for each and the choice "
			"for "
			"most. By load:\n",
			name_of(c, choice));
	print_ranges(f, c, ranges, count);
}

/* ---- At length ------------------------------------------------------------------------------*/

static void print_worse(FILE *f, const struct comparison *c, const struct advice_ratio *r,
			const struct interval *median, int digits)
{
	fprintf(f, "%.*f us, ", digits, median->median);
	print_times(f, r);
	fprintf(f, ", that of %s%s", name_of(c, r->to),
		r->verdict == VERDICT_MORE ? "" : "; not sure");
}

static void print_unserved(FILE *f, const struct cell *cell)
{
	double served = statistics_least(cell->samples, cell->count, METRIC_SERVED);

	if (served < cell->connections)
		fprintf(f, "%.0f of %u served", served, cell->connections);
	else
		fprintf(f, "%.0f %% of the clients' time",
			100 * cell->median[METRIC_STALLED].median);
}

static void print_chosen(FILE *f, const struct cell *cell)
{
	if (cell->median[METRIC_P99].count)
		fprintf(f, "p99 %.0f us", cell->median[METRIC_P99].median);
	if (cell->median[METRIC_CPU].count)
		fprintf(f, ", %.2f us of CPU", cell->median[METRIC_CPU].median);
	if (cell->median[METRIC_MEMORY].count)
		fprintf(f, ", %.2f MB", cell->median[METRIC_MEMORY].median);
}

/* The figures that decided. */
static void print_figures(FILE *f, const struct comparison *c, const struct cell *cell,
			  const struct advice *a, unsigned i)
{
	switch (a->fate[i]) {
	case ADVICE_CHOSEN:
		print_chosen(f, cell);
		break;
	case ADVICE_UNSERVED:
		print_unserved(f, cell);
		break;
	case ADVICE_SLOWER:
		print_worse(f, c, &a->ratio[i], &cell->median[METRIC_P99], 0);
		break;
	case ADVICE_DEARER:
		print_worse(f, c, &a->ratio[i], &cell->median[METRIC_CPU], 2);
		break;
	case ADVICE_BIGGER:
		fprintf(f, "%.2f MB", cell->median[METRIC_MEMORY].median);
		break;
	default:
		break;
	}
}

static bool has_figures(enum advice_fate fate)
{
	return fate == ADVICE_CHOSEN || fate == ADVICE_UNSERVED || fate >= ADVICE_SLOWER;
}

static void print_fate(FILE *f, const struct comparison *c, unsigned load, const struct advice *a,
		       unsigned i)
{
	const struct cell *cell = cell_of(c, load, (int)i);

	if (a->fate[i] == ADVICE_NO_MODEL)
		return;
	fprintf(f, "  %-10s %s", cell->contestant->name, fates[a->fate[i]]);
	if (has_figures(a->fate[i]))
		fprintf(f, "%*s", FATE - (int)strlen(fates[a->fate[i]]), "");
	print_figures(f, c, cell, a, i);
	putc('\n', f);
}

static void print_load(FILE *f, const struct comparison *c, unsigned load)
{
	const struct cell *cell = cell_of(c, load, 0);
	struct advice a = advice_on(c, load);

	fprintf(f, "%s, ", load_mode_names[cell->mode]);
	print_connections(f, cell->connections);
	fputs(":\n", f);
	for (unsigned i = 0; i < c->options.contestant_count; i++)
		print_fate(f, c, load, &a, i);
}

static void print_setting(FILE *f, const config_setting_t *s)
{
	switch (config_setting_type(s)) {
	case CONFIG_TYPE_STRING:
		fprintf(f, " %s = \"%s\";", config_setting_name(s), config_setting_get_string(s));
		break;
	case CONFIG_TYPE_BOOL:
		fprintf(f, " %s = %s;", config_setting_name(s),
			config_setting_get_bool(s) ? "true" : "false");
		break;
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		fprintf(f, " %s = %lld;", config_setting_name(s), config_setting_get_int64(s));
		break;
	default:
		break;
	}
}

/* The model's settings as they were measured last, which is with the most connections. */
static void print_model(FILE *f, const struct comparison *c, int choice)
{
	const struct cell *cell = cell_of(c, comparison_loads(c) - 1, choice);
	const config_setting_t *model;
	config_t config;

	fputs("  model = {", f);
	config_init(&config);
	if (cell->config && config_read_string(&config, cell->config)) {
		model = config_lookup(&config, "services.[0].model");
		for (int i = 0; model && i < config_setting_length(model); i++)
			print_setting(f, config_setting_get_elem(model, (unsigned)i));
	} else {
		fprintf(f, " type = \"%s\";", c->options.contestants[choice].model->name);
	}
	fputs(" };\n", f);
	config_destroy(&config);
}

void advice_report(FILE *f, const struct comparison *c)
{
	int choice = advice_on_all(c);

	if (!any_rounds(c))
		return;
	if (choice < 0) {
		fputs("\nRecommended: none; no model is fit for all of these loads.\n", f);
	} else {
		fputs("\nRecommended, as it was measured with the most connections:\n", f);
		print_model(f, c, choice);
	}
	fprintf(f,
		"The rule: 1. of the models that served all connections to the end, without an "
		"error, 2. the one with\nthe least p99, and those whose p99 is no worse; 3. of "
		"these likewise those with the least CPU per\nrequest; 4. of these the one with "
		"the "
		"least memory. Worse is, by the ratios to the least, round by\nround, what is so "
		"by "
		"more than %g %% (>); or what cannot be told (?) but is by more than %g %% in the\n"
		"median: then the choice is not sure.\n",
		100 * c->options.precision, 100 * interval_wide);
	for (unsigned load = 0; load < comparison_loads(c); load++)
		print_load(f, c, load);
}
