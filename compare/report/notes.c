/* SPDX-License-Identifier: MIT */
#include "compare/report/table.h"

#include "compare/advice.h"
#include "compare/load/talk.h"
#include "compare/loads.h"
#include "compare/report/load_report.h"
#include "compare/scenario.h"
#include "compare/stage/scratch.h"

#include <string.h>

static void name_cell(FILE *f, const struct cell *cell)
{
	fprintf(f, "- %s, %s, %u: ", cell->contestant->name, load_mode_names[cell->mode],
		cell->connections);
}

static void note_script(FILE *f, const struct comparison_options *o)
{
	fprintf(f,
		"%s in a closed loop;\nlatencies by label are those of all rounds together. Each "
		"server began in an empty directory%s;\n",
		table_script_name(o->script),
		scratch_is_memory() ? " in memory:\nnothing waited for a disk" : "");
}

enum { SHORT = 16 }; /* what has room in a line */

static void note_exchange(FILE *f, const struct comparison_options *o)
{
	struct load_options load = loads_common(o);
	bool wide =
		load.pipeline > 1 || load.company || (load.http && strlen(load.http->name) > SHORT);

	if (load.http)
		fprintf(f, "%.40s", load.http->name);
	else if (load.bytes && !load.bytes->request.size)
		fputs("no requests", f);
	else if (load.bytes)
		fprintf(f, "%zu-byte requests", load.bytes->request.size);
	else
		fprintf(f, "%zu-byte messages", o->size);
	if (load.pipeline > 1)
		fprintf(f, ", %u under way on each", load.pipeline);
	if (load.per_connection)
		fprintf(f, ", %u on a connection", load.per_connection);
	if (load.company)
		fprintf(f, ", beside %s", o->scenario->company_text);
	if (load.rate > 0)
		fprintf(f, ",\n%g a second (%s) in an open loop;\n", load.rate,
			load_arrivals_names[load.arrivals]);
	else if (load.think > 0)
		fprintf(f, ",\n%g s after a reply, in a closed loop;\n", load.think);
	else
		fprintf(f, "%sin a closed loop;\n", wide ? ",\n" : " ");
}

static void note_rounds(FILE *f, const struct comparison *c)
{
	const struct comparison_options *o = &c->options;

	fprintf(f, "\nMedians of rounds of %.2f s each after %.2f s of warm-up, ", o->duration,
		o->warmup);
	if (o->script)
		note_script(f, o);
	else
		note_exchange(f, o);
	fprintf(f, "the order of visits was that of --seed %u; all took %.0f s.\n", o->seed,
		c->seconds);
}

static void legend_machine(FILE *f, const struct host *h)
{
	fprintf(f, "%s, %s, %d CPU%s.\n", h->kernel, h->processor, h->cpus,
		h->cpus == 1 ? "" : "s");
	if (h->server_cpu < 0)
		fputs("Server and client share the only CPU: rates and latencies are those of both"
		      " together.\n",
		      f);
	else
		fprintf(f,
			"Server on CPU %d, client on CPU %d, over loopback: this says nothing about"
			" scaling over cores.\n",
			h->server_cpu, h->client_cpu);
}

void legend_print(FILE *f, const struct comparison *c)
{
	if (!comparison_rounds(c, 0))
		return;
	putc('\n', f);
	legend_machine(f, &c->host);
	fputs("p50, p99: half of the requests, 99 % of them took no longer; us: 1/1000 ms. us/req: "
	      "CPU of all the\nserver's processes per request. served: connections that got a "
	      "reply, "
	      "in the worst round; err:\nerrors, of all rounds. MB, pro/thr: the server's memory "
	      "(PSS, without what the kernel holds),\nprocesses and threads, with all connections "
	      "open. keep, close: connections are kept open, have one\nrequest each.\n"
	      "A-B: where the median lies, with 95 % confidence. \"to NAME\": the ratio to NAME's "
	      "in "
	      "the same round.\n< less, > more, = no difference, ? cannot tell (take more "
	      "rounds).\n",
	      f);
}

static bool any_busy(const struct comparison *c)
{
	for (unsigned i = 0; i < c->count; i++)
		if (table_client_busy(&c->cells[i]))
			return true;
	return false;
}

static bool any_rss(const struct comparison *c)
{
	for (unsigned i = 0; i < c->count; i++)
		if (c->cells[i].rss)
			return true;
	return false;
}

/* Of an open loop; in the same words for all of a comparison, so all are told at once. */
static void note_overload(FILE *f, const struct comparison *c)
{
	unsigned overloaded = 0;

	for (unsigned i = 0; i < c->count; i++)
		overloaded += c->cells[i].overload > 0;
	if (!overloaded)
		return;
	fputs("- OVERLOAD: more came than was served, so latencies tell how long the rounds were",
	      f);
	for (unsigned i = 0, told = 0; overloaded < c->count && i < c->count; i++)
		if (c->cells[i].overload)
			fprintf(f, "%s%s, %s, %u", told++ ? "; " : ":\n  ",
				c->cells[i].contestant->name, load_mode_names[c->cells[i].mode],
				c->cells[i].connections);
	fputs(".\n", f);
}

static void note_stalled(FILE *f, const struct cell *cell)
{
	if (!cell->count || !advice_stalled(cell) ||
	    statistics_least(cell->samples, cell->count, METRIC_SERVED) < cell->connections)
		return;
	name_cell(f, cell);
	fprintf(f,
		"clients spent %.0f %% of their time on requests that had no reply;\n  its "
		"latencies are "
		"those of the others.\n",
		100 * cell->median[METRIC_STALLED].median);
}

static void note_unserved(FILE *f, const struct cell *cell)
{
	double served = statistics_least(cell->samples, cell->count, METRIC_SERVED);

	if (!cell->count || served >= cell->connections)
		return;
	name_cell(f, cell);
	if (!contestant_takes_turns(cell->contestant))
		fprintf(f, "%.0f connections got no reply within the measured time.\n",
			cell->connections - served);
	else
		fputs("it serves one connection at a time, as is its nature: the others\n  waited "
		      "in the listen queue. Its latencies are those of the served.\n",
		      f);
}

/* What cannot be served at all fails in the same words for each load, and often for each model:
 * once is enough. */
static void note_failure(FILE *f, const struct comparison *c, unsigned index)
{
	const struct cell *cell = &c->cells[index];
	unsigned alike = 0;

	for (unsigned i = 0; i < c->count; i++) {
		if (strcmp(c->cells[i].failure, cell->failure) != 0)
			continue;
		if (i < index)
			return;
		alike++;
	}
	if (alike == c->count)
		fprintf(f, "- all FAILED: %s\n", cell->failure);
	if (alike == c->count)
		return;
	name_cell(f, cell);
	if (alike > 1)
		fprintf(f, "and %u more ", alike - 1);
	fprintf(f, "FAILED: %s\n", cell->failure);
}

static void note_errors(FILE *f, const struct cell *cell)
{
	if (load_errors_sum(&cell->errors)) {
		name_cell(f, cell);
		load_report_errors(f, &cell->errors);
		fprintf(f, "%s%s.\n", *cell->wrong ? "; the first wrong line: " : "", cell->wrong);
	}
	if (cell->stubborn) {
		name_cell(f, cell);
		fprintf(f, "SIGTERM did not end the server within 3 s, %u time%s; it was killed.\n",
			cell->stubborn, cell->stubborn == 1 ? "" : "s");
	}
}

/* Who has another service than an echo is told what to say to it. */
static void note_echo(FILE *f, const struct comparison *c)
{
	struct load_options load = loads_common(&c->options);
	unsigned tried = 0;

	if (load.script || load.bytes || load.http || c->options.script)
		return;
	for (unsigned i = 0; i < c->count; i++) {
		tried += c->cells[i].count;
		if (statistics_sum(c->cells[i].samples, c->cells[i].count, METRIC_RATE) > 0)
			return;
	}
	if (tried)
		fputs("- No reply was right: a service has to echo, unless --send and --reply, "
		      "--script "
		      "or --http say\n  what is said.\n",
		      f);
}

void notes_print(FILE *f, const struct comparison *c)
{
	note_rounds(f, c);
	if (any_busy(c))
		fputs("*: the client used more than 90 % of its CPU, so the server may be faster:"
		      " compare us/req.\n",
		      f);
	if (any_rss(c))
		fputs("r: resident memory (RSS), which counts shared pages once per process.\n", f);
	note_overload(f, c);
	note_echo(f, c);
	for (unsigned i = 0; i < c->count; i++) {
		note_unserved(f, &c->cells[i]);
		note_stalled(f, &c->cells[i]);
		note_errors(f, &c->cells[i]);
		if (*c->cells[i].failure)
			note_failure(f, c, i);
	}
	if (c->interrupted)
		fputs("Interrupted: what is shown rests on the loads that were finished.\n", f);
}
