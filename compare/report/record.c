/* SPDX-License-Identifier: MIT */
#include "compare/report/record.h"

#include "build_config.h"
#include "compare/advice.h"
#include "compare/load/talk.h"
#include "compare/loads.h"
#include "compare/report/baseline_report.h"
#include "compare/report/company_report.h"
#include "compare/report/json.h"
#include "compare/report/sweep_report.h"
#include "compare/scenario.h"

#include <time.h>

enum { LINES = 6 }; /* down to a cell's samples: a line for each metric */

static void write_cpu(struct json *j, const char *name, int cpu)
{
	if (cpu < 0)
		json_text(j, name, NULL);
	else
		json_count(j, name, (uint64_t)cpu);
}

static void write_environment(struct json *j, const struct host *h, const struct environment *e)
{
	json_object(j, "environment");
	json_text(j, "kernel", h->kernel);
	json_text(j, "processor", h->processor);
	json_count(j, "cpus", (uint64_t)h->cpus);
	write_cpu(j, "server_cpu", h->server_cpu);
	write_cpu(j, "client_cpu", h->client_cpu);
	for (unsigned i = 0; i < e->count; i++)
		json_text(j, e->facts[i].name, e->facts[i].value);
	json_end(j);
}

static void write_scenario(struct json *j, const struct scenario *s)
{
	if (!s) {
		json_text(j, "scenario", NULL);
		return;
	}
	json_object(j, "scenario");
	json_text(j, "name", s->name);
	json_text(j, "title", s->title);
	json_text(j, "question", s->question);
	json_text(j, "request", s->talk.wish.send);
	json_text(j, "reply", s->talk.wish.reply);
	json_number(j, "rate", s->load.rate);
	json_text(j, "arrivals", load_arrivals_names[s->load.arrivals]);
	json_number(j, "think", s->load.think);
	json_text(j, "company", s->company_text);
	json_end(j);
}

/* What is said, as it was asked for: all null where it is echoed. */
static void write_talk(struct json *j, const struct comparison_options *o)
{
	const struct talk_wish none = { 0 }, *w = o->talk ? &o->talk->wish : &none;
	struct load_options load = loads_common(o);

	json_text(j, "script", o->script ? o->script->name : NULL);
	json_text(j, "send", w->send);
	json_text(j, "reply", w->reply);
	json_text(j, "http", load.http ? load.http->name : NULL);
	json_count(j, "pipeline", load.pipeline);
}

static void write_options(struct json *j, const struct comparison_options *o)
{
	json_object(j, "options");
	json_text(j, "config", o->config);
	write_talk(j, o);
	write_scenario(j, o->scenario);
	json_array(j, "names");
	for (unsigned i = 0; i < o->contestant_count; i++)
		json_text(j, NULL, o->contestants[i].name);
	json_end(j);
	json_array(j, "modes");
	for (unsigned i = 0; i < o->mode_count; i++)
		json_text(j, NULL, load_mode_names[o->modes[i]]);
	json_end(j);
	json_array(j, "connections");
	for (unsigned i = 0; i < o->connections_count; i++)
		json_count(j, NULL, o->connections[i]);
	json_end(j);
	json_count(j, "rounds", o->rounds);
	json_number(j, "budget", o->budget);
	json_number(j, "precision", o->precision);
	json_count(j, "seed", o->seed);
	json_number(j, "duration", o->duration);
	json_number(j, "warmup", o->warmup);
	json_count(j, "size", o->size);
	json_end(j);
}

static void write_samples(struct json *j, const struct cell *cell)
{
	json_object(j, "samples");
	for (int m = 0; m < METRICS; m++) {
		json_array(j, metric_names[m]);
		for (unsigned i = 0; i < cell->count; i++)
			json_number(j, NULL, cell->samples[i].of[m]);
		json_end(j);
	}
	json_end(j);
}

static void write_medians(struct json *j, const struct cell *cell)
{
	json_object(j, "medians");
	for (int m = 0; m < METRICS && cell->count; m++)
		json_number(j, metric_names[m],
			    statistics_median(cell->samples, cell->count, (enum metric)m));
	json_end(j);
}

static void write_interval(struct json *j, const char *name, const struct interval *i,
			   enum verdict verdict)
{
	json_object(j, name);
	json_number(j, "median", i->median);
	json_number(j, "low", i->low);
	json_number(j, "high", i->high);
	if (verdict != VERDICT_NONE)
		json_text(j, "verdict", verdict_names[verdict]);
	json_end(j);
}

/* What rests on no value is left out. */
static void write_intervals(struct json *j, const char *name, const struct interval *of,
			    const enum verdict *verdicts)
{
	json_object(j, name);
	for (int m = 0; m < METRICS; m++)
		if (of[m].count)
			write_interval(j, metric_names[m], &of[m],
				       verdicts ? verdicts[m] : VERDICT_NONE);
	json_end(j);
}

static void write_latency(struct json *j, const char *name, const struct histogram *h)
{
	struct histogram_bucket bucket;

	json_object(j, name);
	json_count(j, "count", h->count);
	json_number(j, "mean_us", histogram_mean(h) / 1e3);
	json_number(j, "max_us", (double)h->max / 1e3);
	json_array(j, "buckets");
	for (size_t at = 0; histogram_next(h, &at, &bucket);) {
		json_array(j, NULL);
		json_count(j, NULL, bucket.upper);
		json_count(j, NULL, bucket.count);
		json_end(j);
	}
	json_end(j);
	json_end(j);
}

static void write_workers(struct json *j, const struct workers *w)
{
	json_array(j, "workers");
	for (size_t i = 0; i < w->count; i++)
		json_count(j, NULL, w->all[i].requests);
	json_end(j);
}

static void write_labels(struct json *j, const struct cell *cell, const struct script *s)
{
	json_object(j, "labels");
	for (unsigned i = 1; i < s->label_count; i++)
		write_latency(j, s->labels[i], &cell->labels[i]);
	json_end(j);
}

static void write_errors(struct json *j, const struct load_errors *e)
{
	json_object(j, "errors_by_kind");
	for (int i = 0; i < LOAD_ERRORS; i++)
		if (e->count[i])
			json_count(j, load_error_names[i], e->count[i]);
	json_end(j);
}

static void write_cell(struct json *j, const struct comparison *c, unsigned index)
{
	const struct cell *cell = &c->cells[index];
	const struct contestant *who = cell->contestant;

	json_object(j, NULL);
	json_text(j, "name", who->name);
	json_text(j, "model", who->model ? who->model->name : NULL);
	json_text(j, "mode", load_mode_names[cell->mode]);
	json_count(j, "connections", cell->connections);
	json_bool(j, "takes_turns", contestant_takes_turns(who));
	json_text(j, "memory_kind", cell->rss ? "rss" : "pss");
	json_count(j, "killed", cell->stubborn);
	json_count(j, "late_rounds", cell->late);
	json_count(j, "overloaded_rounds", cell->overload);
	json_text(j, "config_text", cell->config);
	json_text(j, "failure", *cell->failure ? cell->failure : NULL);
	json_text(j, "wrong", *cell->wrong ? cell->wrong : NULL);
	write_errors(j, &cell->errors);
	write_samples(j, cell);
	write_medians(j, cell);
	write_intervals(j, "intervals", cell->median, NULL);
	write_intervals(j, "ratios", cell->ratio, cell->verdict);
	write_workers(j, &cell->workers);
	write_latency(j, "latency", &cell->latency);
	company_report_counts(j, cell->company);
	baseline_report_cell(j, c, index);
	if (c->options.script)
		write_labels(j, cell, c->options.script);
	json_end(j);
}

static void write_choice(struct json *j, const struct comparison *c, int choice)
{
	json_text(j, "choice", choice < 0 ? NULL : c->options.contestants[choice].name);
}

static void write_advice_on(struct json *j, const struct comparison *c, unsigned load)
{
	const struct cell *cells = &c->cells[load * c->options.contestant_count];
	struct advice a = advice_on(c, load);

	json_object(j, NULL);
	json_text(j, "mode", load_mode_names[cells->mode]);
	json_count(j, "connections", cells->connections);
	write_choice(j, c, a.choice);
	json_bool(j, "sure", a.sure);
	json_text(j, "decider", advice_fate_names[a.decider]);
	json_object(j, "fates");
	for (unsigned i = 0; i < c->options.contestant_count; i++)
		json_text(j, c->options.contestants[i].name, advice_fate_names[a.fate[i]]);
	json_end(j);
	json_object(j, "ratios");
	for (unsigned i = 0; i < c->options.contestant_count; i++)
		if (a.ratio[i].of.count)
			write_interval(j, c->options.contestants[i].name, &a.ratio[i].of,
				       a.ratio[i].verdict);
	json_end(j);
	json_end(j);
}

static void write_ranges(struct json *j, const struct comparison *c)
{
	struct advice_range ranges[ADVICE_RANGES];
	unsigned count = advice_ranges(c, ranges);

	json_array(j, "ranges");
	for (unsigned i = 0; i < count; i++) {
		json_object(j, NULL);
		json_text(j, "mode", load_mode_names[ranges[i].mode]);
		json_count(j, "from", ranges[i].from);
		json_count(j, "to", ranges[i].to);
		write_choice(j, c, ranges[i].choice);
		json_bool(j, "sure", ranges[i].sure);
		json_end(j);
	}
	json_end(j);
}

static void write_advice(struct json *j, const struct comparison *c)
{
	json_object(j, "advice");
	write_choice(j, c, advice_on_all(c));
	json_array(j, "loads");
	for (unsigned load = 0; load < comparison_loads(c); load++)
		write_advice_on(j, c, load);
	json_end(j);
	write_ranges(j, c);
	json_end(j);
}

static void write_comparison(struct json *j, const struct comparison *c)
{
	const struct comparison_options *o = &c->options;

	json_object(j, NULL);
	write_environment(j, &c->host, &c->environment);
	write_options(j, o);
	json_text(j, "reference", o->contestants[c->reference].name);
	json_text(j, "twin", c->twin != c->reference ? c->twin_name : NULL);
	json_number(j, "seconds", c->seconds);
	json_bool(j, "interrupted", c->interrupted);
	write_advice(j, c);
	json_array(j, "cells");
	for (unsigned i = 0; i < c->count; i++)
		write_cell(j, c, i);
	json_end(j);
	sweep_report_json(j, c);
	baseline_report_json(j, c);
	json_end(j);
}

/* When it is written, as ISO 8601 has it. */
static void write_time(struct json *j)
{
	time_t now = time(NULL);
	struct tm utc;
	char text[32];

	gmtime_r(&now, &utc);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
	json_text(j, "written", text);
}

void record_write(FILE *f, const struct comparison *all, unsigned count)
{
	struct json j;

	json_begin(&j, f, LINES);
	json_object(&j, NULL);
	json_text(&j, "format", RECORD_FORMAT);
	json_text(&j, "modus", MODUS_VERSION);
	write_time(&j);
	json_array(&j, "comparisons");
	for (unsigned i = 0; i < count; i++)
		write_comparison(&j, &all[i]);
	json_end(&j);
	json_end(&j);
}
