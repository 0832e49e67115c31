/* SPDX-License-Identifier: MIT */
#include "compare/report/baseline_report.h"

#include <string.h>

static void print_ratio(FILE *f, const struct comparison *c, unsigned load,
			const struct baseline_cell *was, const struct cell *is, enum metric m)
{
	struct interval i = baseline_ratio(was, is, m);
	enum verdict v = interval_verdict(&i, comparison_noise(c, load, m), c->options.precision);

	if (i.count)
		fprintf(f, "   %5.2f %5.2f-%-5.2f %c", i.median, i.low, i.high, verdict_signs[v]);
	else
		fprintf(f, "   %5s %13s", "-", "");
}

static void print_cell(FILE *f, const struct comparison *c, const struct baseline *b,
		       unsigned index)
{
	unsigned load = index / c->options.contestant_count;
	const struct cell *cell = &c->cells[index];
	const struct baseline_cell *was = baseline_find(b, cell);

	fprintf(f, "%-16s %-5s %7u", cell->contestant->name, load_mode_names[cell->mode],
		cell->connections);
	if (!was || !cell->count) {
		fputs(was ? "   not measured\n" : "   not in the baseline\n", f);
		return;
	}
	print_ratio(f, c, load, was, cell, METRIC_RATE);
	print_ratio(f, c, load, was, cell, METRIC_P99);
	print_ratio(f, c, load, was, cell, METRIC_CPU);
	putc('\n', f);
}

void baseline_report(FILE *f, const struct comparison *c, const struct baseline *b)
{
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
		print_cell(f, c, b, i);
}
