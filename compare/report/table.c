/* SPDX-License-Identifier: MIT */
#include "compare/report/table.h"

#include "compare/load/script.h"

#include <string.h>

/* Where the client has no more than this of its CPU left, it may be what limits the rate. */
static const double BUSY = 0.9;

enum { LABELS = 5 }; /* that have room beside each other */

static double median(const struct cell *cell, enum metric m)
{
	return statistics_median(cell->samples, cell->count, m);
}

bool table_client_busy(const struct cell *cell)
{
	return median(cell, METRIC_CLIENT_CPU) > BUSY;
}

/* A latency in 8 columns, from "0.4" to "9999999" (10 seconds). */
static void print_latency(FILE *f, const struct cell *cell, enum metric m)
{
	double us = median(cell, m);

	fprintf(f, " %7.*f", us < 1000 ? 1 : 0, us);
}

static void print_cell(FILE *f, const struct cell *cell)
{
	const struct sample *s = cell->samples;
	char served[24];

	if (!cell->count) {
		fprintf(f, "%-10s %s\n", cell->contestant->name,
			*cell->failure ? "failed, see below" : "not measured");
		return;
	}
	fprintf(f, "%-10s %8.0f%c", cell->contestant->name, median(cell, METRIC_RATE),
		table_client_busy(cell) ? '*' : ' ');
	fprintf(f, "%4.0f", statistics_spread(s, cell->count, METRIC_RATE));
	print_latency(f, cell, METRIC_P50);
	print_latency(f, cell, METRIC_P99);
	print_latency(f, cell, METRIC_P999);
	print_latency(f, cell, METRIC_MAX);
	snprintf(served, sizeof(served), "%.0f/%u", statistics_least(s, cell->count, METRIC_SERVED),
		 cell->connections);
	fprintf(f, " %6.0f %9s", statistics_sum(s, cell->count, METRIC_ERRORS), served);
	fprintf(f, " %6.1f %6.1f%c %4.0f %4.0f\n", median(cell, METRIC_CPU),
		median(cell, METRIC_MEMORY), cell->rss ? 'r' : ' ', median(cell, METRIC_PROCESSES),
		median(cell, METRIC_THREADS));
}

static void print_head(FILE *f, const struct cell *cell, const struct script *script)
{
	fprintf(f, "\n%s, %u connection%s",
		cell->mode == LOAD_KEEP ? "connections kept open" : "one connection per request",
		cell->connections, cell->connections == 1 ? "" : "s");
	if (script)
		fprintf(f, ", script %s", table_script_name(script));
	fprintf(f, " (latencies in us)\n");
	fprintf(f, "%-10s %8s  %4s %7s %7s %7s %7s %6s %9s %6s %6s  %4s %4s\n", "model", "req/s",
		"+-%", "p50", "p99", "p99.9", "max", "errors", "served", "us/req", "MB", "proc",
		"thr");
}

const char *table_script_name(const struct script *script)
{
	const char *slash = strrchr(script->name, '/');

	return slash ? slash + 1 : script->name;
}

static void print_label(FILE *f, const struct histogram *h)
{
	if (!h->count)
		fprintf(f, "%9s%9s", "-", "-");
	else
		fprintf(f, "%9.0f%9.0f", (double)histogram_percentile(h, 50) / 1e3,
			(double)histogram_percentile(h, 99) / 1e3);
}

/* The models of one load again, with the latencies of the labels from first to end. */
static void print_labels(FILE *f, const struct comparison *c, const struct cell *cells,
			 unsigned first, unsigned end)
{
	fprintf(f, "%-10s", "");
	for (unsigned i = first; i < end; i++)
		fprintf(f, "%18s", c->options.script->labels[i]);
	fprintf(f, "\n%-10s", "model");
	for (unsigned i = first; i < end; i++)
		fprintf(f, "%9s%9s", "p50", "p99");
	fputs("\n", f);
	for (unsigned m = 0; m < c->options.contestant_count; m++) {
		fprintf(f, "%-10s", cells[m].contestant->name);
		for (unsigned i = first; i < end; i++)
			print_label(f, &cells[m].labels[i]);
		fputs("\n", f);
	}
}

static void print_all_labels(FILE *f, const struct comparison *c, const struct cell *cells)
{
	unsigned count = c->options.script->label_count, measured = 0;

	for (unsigned m = 0; m < c->options.contestant_count; m++)
		measured += cells[m].count;
	if (!measured)
		return;
	for (unsigned i = 1; i < count; i += LABELS)
		print_labels(f, c, cells, i, i + LABELS < count ? i + LABELS : count);
}

void table_print(FILE *f, const struct comparison *c)
{
	const struct script *script = c->options.script;
	unsigned contestants = c->options.contestant_count;

	for (unsigned i = 0; i < c->count; i++) {
		if (i % contestants == 0)
			print_head(f, &c->cells[i], script);
		print_cell(f, &c->cells[i]);
		if (script && i % contestants == contestants - 1)
			print_all_labels(f, c, &c->cells[i + 1 - contestants]);
	}
}
