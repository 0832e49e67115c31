/* SPDX-License-Identifier: MIT */
#include "compare/report/table.h"

#include "compare/load/talk.h"
#include "compare/loads.h"
#include "compare/report/advice_report.h"
#include "compare/report/standouts.h"

#include <math.h>
#include <string.h>

/* Where the client has no more than this of its CPU left, it may be what limits the rate. */
static const double BUSY = 0.9;

/* What differs from itself by more than this part is not measured on a quiet machine. */
static const double NOISY = 0.6;

/* Labels that have room beside each other; columns of a name, and of what is said. */
enum { LABELS = 5, NAME = 10, SAID = 16 };

static double median(const struct cell *cell, enum metric m)
{
	return statistics_median(cell->samples, cell->count, m);
}

bool table_client_busy(const struct cell *cell)
{
	return median(cell, METRIC_CLIENT_CPU) > BUSY;
}

/* A number that is not negative, in 4 columns; what is not known is "-". */
static const char *short_number(char text[static 16], double n)
{
	if (isnan(n))
		snprintf(text, 16, "-");
	else if (n < 9.995)
		snprintf(text, 16, "%.2f", n);
	else if (n < 99.95)
		snprintf(text, 16, "%.1f", n);
	else if (n < 9999.5)
		snprintf(text, 16, "%.0f", n);
	else if (n < 999.5e3)
		snprintf(text, 16, "%.0fk", n / 1e3);
	else
		snprintf(text, 16, "%.0fM", n / 1e6);
	return text;
}

/* A latency in 6 columns, from "0.42" to "99999", then "120ms" and "3.5s". */
static void print_latency(FILE *f, const struct cell *cell, enum metric m)
{
	double us = median(cell, m);
	char text[16];

	if (isnan(us) || us < 9999.5)
		short_number(text, us);
	else if (us < 99999.5)
		snprintf(text, sizeof(text), "%.0f", us);
	else if (us < 999.5e3)
		snprintf(text, sizeof(text), "%.0fms", us / 1e3);
	else
		snprintf(text, sizeof(text), "%.1fs", us / 1e6);
	fprintf(f, " %5s", text);
}

/* A median and its interval, and what that says, in 17 columns. */
static void print_interval(FILE *f, const struct interval *i, enum verdict verdict)
{
	char middle[16], low[16], high[16];

	if (!i->count) {
		fprintf(f, " %4s %11s", "-", "");
		return;
	}
	fprintf(f, " %4s %4s-%-4s %c", short_number(middle, i->median), short_number(low, i->low),
		short_number(high, i->high), verdict_signs[verdict]);
}

/* A name that is longer than its column has a line of its own. */
static void print_name(FILE *f, const struct comparison *c, const struct cell *cell)
{
	const char *name = cell->contestant->name;

	if (c->twin != c->reference && cell->contestant == &c->options.contestants[c->twin])
		name = "  again";
	if (strlen(name) > NAME)
		fprintf(f, "%s\n%*s", name, NAME, "");
	else
		fprintf(f, "%-*s", NAME, name);
}

static void print_served(FILE *f, const struct cell *cell)
{
	double served = statistics_least(cell->samples, cell->count, METRIC_SERVED);
	char text[32] = "all";

	if (served < cell->connections)
		snprintf(text, sizeof(text), "%.0f/%u", served, cell->connections);
	fprintf(f, " %7s", text);
}

static void print_cell(FILE *f, const struct comparison *c, const struct cell *cell)
{
	char errors[16], memory[16], tasks[32];

	print_name(f, c, cell);
	if (!cell->count) {
		fputs(*cell->failure ? " failed, see below\n" : " not measured\n", f);
		return;
	}
	if (isnan(median(cell, METRIC_RATE)))
		fprintf(f, "%8s", "-");
	else
		fprintf(f, "%8.0f", median(cell, METRIC_RATE));
	putc(table_client_busy(cell) ? '*' : ' ', f);
	print_interval(f, &cell->ratio[METRIC_RATE], cell->verdict[METRIC_RATE]);
	print_latency(f, cell, METRIC_P50);
	print_latency(f, cell, METRIC_P99);
	print_latency(f, cell, METRIC_MAX);
	print_interval(f, &cell->median[METRIC_CPU], cell->verdict[METRIC_CPU]);
	print_served(f, cell);
	snprintf(errors, sizeof(errors), "%.0f",
		 statistics_sum(cell->samples, cell->count, METRIC_ERRORS));
	if (isnan(median(cell, METRIC_PROCESSES)))
		snprintf(tasks, sizeof(tasks), "-");
	else
		snprintf(tasks, sizeof(tasks), "%.0f/%.0f", median(cell, METRIC_PROCESSES),
			 median(cell, METRIC_THREADS));
	fprintf(f, " %4s %4s%c %7s\n", errors, short_number(memory, median(cell, METRIC_MEMORY)),
		cell->rss ? 'r' : ' ', tasks);
}

/* As much of a text as has room in a line, and is one. */
static void print_cut(FILE *f, const char *text)
{
	size_t n = 0;

	while (n < SAID && (unsigned char)text[n] >= ' ')
		n++;
	fprintf(f, "%.*s%s", (int)n, text, text[n] && strcmp(text + n, "\n") != 0 ? "..." : "");
}

/* What is said, where it is not echoed. */
static void print_said(FILE *f, const struct comparison_options *o)
{
	struct load_options load = loads_common(o);

	if (o->script)
		fprintf(f, ", script %s", table_script_name(o->script));
	else if (load.http || load.bytes)
		fputs(", ", f);
	if (load.bytes)
		fprintf(f, "%zu bytes for ", load.bytes->request.size);
	if (load.http || load.bytes)
		print_cut(f, load.http ? load.http->name : load.bytes->reply);
}

static void print_head(FILE *f, const struct comparison *c, unsigned load)
{
	const struct cell *cell = &c->cells[load * c->options.contestant_count];
	unsigned rounds = comparison_rounds(c, load);
	char ratio[32];

	fprintf(f, "\n%s, %u connection%s",
		cell->mode == LOAD_KEEP ? "connections kept open" : "one connection per request",
		cell->connections, cell->connections == 1 ? "" : "s");
	print_said(f, &c->options);
	fprintf(f, " (%u round%s; latencies in us)\n", rounds, rounds == 1 ? "" : "s");
	snprintf(ratio, sizeof(ratio), "to %.12s", c->options.contestants[c->reference].name);
	fprintf(f, "%-*s%8s   %-15s %5s %5s %5s  %-15s %7s %4s %4s  %7s\n", NAME, "model", "req/s",
		ratio, "p50", "p99", "max", "us/req", "served", "err", "MB", "pro/thr");
}

/* What the reference differs from itself. */
static void print_noise(FILE *f, const struct comparison *c, unsigned load)
{
	double rate = comparison_noise(c, load, METRIC_RATE);
	double cpu = comparison_noise(c, load, METRIC_CPU);

	if (c->twin == c->reference ||
	    !c->cells[load * c->options.contestant_count + c->twin].count)
		return;
	fprintf(f, "Noise (%s against itself): up to %.1f %% in req/s, %.1f %% in us/req%s\n",
		c->options.contestants[c->reference].name, 100 * rate, 100 * cpu,
		rate > NOISY || cpu > NOISY ? ": is the machine busy?" : ".");
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
		print_name(f, c, &cells[m]);
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
	unsigned n = c->options.contestant_count;

	for (unsigned load = 0; load < comparison_loads(c); load++) {
		const struct cell *cells = &c->cells[load * n];

		print_head(f, c, load);
		for (unsigned i = 0; i < n; i++)
			print_cell(f, c, &cells[i]);
		print_noise(f, c, load);
		standouts_print(f, c, load);
		advice_report_line(f, c, load);
		if (c->options.script)
			print_all_labels(f, c, cells);
	}
	advice_report_whole(f, c);
}
