/* SPDX-License-Identifier: MIT */
#include "compare/report/advice_report.h"

#include "compare/advice.h"

#include <libconfig.h>
#include <string.h>

static const char *const decisions[] = {
	[ADVICE_CHOSEN] = "nobody else took part",
	[ADVICE_NO_MODEL] = "there is no other model",
	[ADVICE_FAILED] = "it alone could be measured",
	[ADVICE_UNSERVED] = "it alone served all connections without errors",
	[ADVICE_ERRORS] = "it alone served all connections without errors",
	[ADVICE_SLOWER] = "its p99 is the best",
	[ADVICE_DEARER] = "the least CPU of those with as good a p99",
	[ADVICE_BIGGER] = "the least memory of those with as good a p99 and CPU",
};

static const char *const fates[] = {
	[ADVICE_CHOSEN] = "chosen",       [ADVICE_NO_MODEL] = "no model",
	[ADVICE_FAILED] = "not measured", [ADVICE_UNSERVED] = "left some waiting",
	[ADVICE_ERRORS] = "had errors",   [ADVICE_SLOWER] = "worse p99",
	[ADVICE_DEARER] = "more CPU",     [ADVICE_BIGGER] = "no worse, but more memory",
};

static const struct cell *cell_of(const struct comparison *c, unsigned load, int contestant)
{
	return &c->cells[load * c->options.contestant_count + (unsigned)contestant];
}

void advice_report_line(FILE *f, const struct comparison *c, unsigned load)
{
	struct advice a = advice_on(c, load);

	if (c->options.contestant_count < 2)
		return;
	if (a.choice < 0)
		fputs("Choose: none of them served all connections without errors.\n", f);
	else
		fprintf(f, "Choose: %s (%s).\n", c->options.contestants[a.choice].name,
			decisions[a.decider]);
}

/* ---- At length ------------------------------------------------------------------------------*/

static void print_figure(FILE *f, const char *name, int digits, const struct interval *i)
{
	if (i->count)
		fprintf(f, "  %s %.*f (%.*f-%.*f)", name, digits, i->median, digits, i->low, digits,
			i->high);
}

static void print_fate(FILE *f, const struct comparison *c, unsigned load, unsigned i,
		       enum advice_fate fate)
{
	const struct cell *cell = cell_of(c, load, (int)i);

	if (fate == ADVICE_NO_MODEL)
		return;
	fprintf(f, "  %-10s %-25s", cell->contestant->name, fates[fate]);
	if (fate == ADVICE_UNSERVED)
		fprintf(f, "  %.0f of %u served",
			statistics_least(cell->samples, cell->count, METRIC_SERVED),
			cell->connections);
	if (fate == ADVICE_CHOSEN || fate >= ADVICE_SLOWER)
		print_figure(f, "p99", 0, &cell->median[METRIC_P99]);
	if (fate == ADVICE_CHOSEN || fate >= ADVICE_DEARER)
		print_figure(f, "us/req", 2, &cell->median[METRIC_CPU]);
	if (fate == ADVICE_CHOSEN || fate >= ADVICE_BIGGER)
		fprintf(f, "  MB %.2f", cell->median[METRIC_MEMORY].median);
	putc('\n', f);
}

static void print_load(FILE *f, const struct comparison *c, unsigned load)
{
	const struct cell *cell = cell_of(c, load, 0);
	struct advice a = advice_on(c, load);

	fprintf(f, "%s, %u connection%s:\n", load_mode_names[cell->mode], cell->connections,
		cell->connections == 1 ? "" : "s");
	for (unsigned i = 0; i < c->options.contestant_count; i++)
		print_fate(f, c, load, i, a.fate[i]);
}

/* "keep: pool with 1 connection, epoll from 64 on" */
static void print_changes(FILE *f, const struct comparison *c)
{
	int last = -2;

	for (unsigned load = 0; load < comparison_loads(c); load++) {
		const struct cell *cell = cell_of(c, load, 0);
		bool first = !load || cell->mode != cell_of(c, load - 1, 0)->mode;
		int choice = advice_on(c, load).choice;

		if (first)
			fprintf(f, "%s  %s:", load ? "\n" : "", load_mode_names[cell->mode]);
		if (first || choice != last)
			fprintf(f, "%s %s from %u connection%s on", first ? "" : ",",
				choice < 0 ? "none" : c->options.contestants[choice].name,
				cell->connections, cell->connections == 1 ? "" : "s");
		last = choice;
	}
	putc('\n', f);
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

	if (choice < 0) {
		fputs("\nRecommended: none; no model served all connections without errors.\n", f);
	} else {
		fputs("\nRecommended, being fit for all of these loads and the choice for most:\n",
		      f);
		print_model(f, c, choice);
	}
	fputs("By load:\n", f);
	print_changes(f, c);
	fputs("The rule: of the models that served all connections without errors, those whose p99 "
	      "is not worse\nthan the best (the intervals meet); of these those with the least CPU "
	      "per request; of these\nthe one with the least memory.\n",
	      f);
	for (unsigned load = 0; load < comparison_loads(c); load++)
		print_load(f, c, load);
}
