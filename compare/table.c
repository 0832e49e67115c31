/* SPDX-License-Identifier: MIT */
#include "compare/table.h"

/* Where the client has no more than this of its CPU left, it may be what limits the rate. */
static const double BUSY = 0.9;

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
		fprintf(f, "%-10s %s\n", cell->model->name,
			*cell->failure ? "failed, see below" : "not measured");
		return;
	}
	fprintf(f, "%-10s %8.0f%c", cell->model->name, median(cell, METRIC_RATE),
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

static void print_head(FILE *f, const struct cell *cell)
{
	fprintf(f, "\n%s, %u connection%s (latencies in us)\n",
		cell->mode == LOAD_KEEP ? "connections kept open" : "one connection per request",
		cell->connections, cell->connections == 1 ? "" : "s");
	fprintf(f, "%-10s %8s  %4s %7s %7s %7s %7s %6s %9s %6s %6s  %4s %4s\n", "model", "req/s",
		"+-%", "p50", "p99", "p99.9", "max", "errors", "served", "us/req", "MB", "proc",
		"thr");
}

void table_print(FILE *f, const struct comparison *c)
{
	for (unsigned i = 0; i < c->count; i++) {
		if (i % c->options.model_count == 0)
			print_head(f, &c->cells[i]);
		print_cell(f, &c->cells[i]);
	}
}
