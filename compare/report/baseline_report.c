/* SPDX-License-Identifier: MIT */
#include "compare/report/baseline_report.h"

#include "compare/baseline.h"

#include <string.h>

static const enum metric shown[] = { METRIC_RATE, METRIC_P99, METRIC_CPU };

static enum verdict verdict_on(const struct comparison *c, unsigned index, enum metric m,
			       const struct interval *ratio)
{
	unsigned load = index / c->options.contestant_count;

	return interval_verdict(ratio, comparison_noise(c, load, m), c->options.precision);
}

static void print_ratio(FILE *f, const struct comparison *c, unsigned index,
			const struct baseline_cell *was, enum metric m)
{
	struct interval i = baseline_ratio(was, &c->cells[index], m);
	enum verdict v = verdict_on(c, index, m, &i);

	if (i.count)
		fprintf(f, "   %5.2f %5.2f-%-5.2f %c", i.median, i.low, i.high, verdict_signs[v]);
	else
		fprintf(f, "   %5s %13s", "-", "");
}

static void print_cell(FILE *f, const struct comparison *c, unsigned index)
{
	const struct cell *cell = &c->cells[index];
	const struct baseline_cell *was = baseline_find(c->baseline, cell);

	fprintf(f, "%-16s %-5s %7u", cell->contestant->name, load_mode_names[cell->mode],
		cell->connections);
	if (!was || !cell->count) {
		fputs(was ? "   not measured\n" : "   not in the baseline\n", f);
		return;
	}
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		print_ratio(f, c, index, was, shown[i]);
	putc('\n', f);
}

void baseline_report(FILE *f, const struct comparison *c)
{
	const struct baseline *b = c->baseline;

	fprintf(f,
		"\nNow to the baseline%s%s\n(ratios of medians; < less, > more, "
		"= no difference, ? cannot tell)\n",
		*b->written ? " of " : "", b->written);
	if (strcmp(b->kernel, c->host.kernel) != 0 || strcmp(b->processor, c->host.processor) != 0)
		fprintf(f, "It was measured on another machine: %s, %s. That is in all ratios.\n",
			b->kernel, b->processor);
	fprintf(f, "%-16s %-5s %7s   %-20s   %-20s   %s\n", "model", "mode", "conns", "req/s",
		"p99", "us/req");
	for (unsigned i = 0; i < c->count; i++)
		print_cell(f, c, i);
}

static void write_ratio(struct json *j, const struct comparison *c, unsigned index,
			const struct baseline_cell *was, enum metric m)
{
	struct interval i = baseline_ratio(was, &c->cells[index], m);

	if (!i.count)
		return;
	json_object(j, metric_names[m]);
	json_number(j, "median", i.median);
	json_number(j, "low", i.low);
	json_number(j, "high", i.high);
	json_text(j, "verdict", verdict_names[verdict_on(c, index, m, &i)]);
	json_end(j);
}

void baseline_report_cell(struct json *j, const struct comparison *c, unsigned index)
{
	const struct cell *cell = &c->cells[index];
	const struct baseline_cell *was = c->baseline ? baseline_find(c->baseline, cell) : NULL;

	if (!was || !cell->count) {
		json_text(j, "to_baseline", NULL);
		return;
	}
	json_object(j, "to_baseline");
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		write_ratio(j, c, index, was, shown[i]);
	json_end(j);
}

void baseline_report_json(struct json *j, const struct comparison *c)
{
	const struct baseline *b = c->baseline;

	if (!b) {
		json_text(j, "baseline", NULL);
		return;
	}
	json_object(j, "baseline");
	json_text(j, "written", b->written);
	json_text(j, "kernel", b->kernel);
	json_text(j, "processor", b->processor);
	json_end(j);
}
