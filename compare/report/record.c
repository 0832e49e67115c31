/* SPDX-License-Identifier: MIT */
#include "compare/report/record.h"

#include "compare/load/script.h"
#include "compare/report/json.h"

static void write_head(FILE *f, const struct comparison *c)
{
	const struct comparison_options *o = &c->options;

	fputs("{\"kernel\": ", f);
	json_string(f, c->host.kernel);
	fputs(", \"processor\": ", f);
	json_string(f, c->host.processor);
	fprintf(f, ", \"cpus\": %d, \"server_cpu\": %d, \"client_cpu\": %d", c->host.cpus,
		c->host.server_cpu, c->host.client_cpu);
	fprintf(f, ",\n \"rounds\": %u, \"duration\": %.3f, \"warmup\": %.3f, \"size\": %zu",
		o->rounds, o->duration, o->warmup, o->size);
	fputs(", \"config\": ", f);
	json_string(f, o->config ? o->config : "");
	if (o->script) {
		fputs(", \"script\": ", f);
		json_string(f, o->script->name);
	}
	fprintf(f, ", \"interrupted\": %s,\n \"cells\": [", c->interrupted ? "true" : "false");
}

static void write_samples(FILE *f, const struct cell *cell)
{
	for (int m = 0; m < METRICS; m++) {
		fprintf(f, ",\n   \"%s\": [", metric_names[m]);
		for (unsigned i = 0; i < cell->count; i++)
			fprintf(f, "%s%.6g", i ? ", " : "", cell->samples[i].of[m]);
		putc(']', f);
	}
}

static void write_labels(FILE *f, const struct cell *cell, const struct script *s)
{
	const char *comma = "";

	fputs(",\n   \"labels\": {", f);
	for (unsigned i = 1; i < s->label_count; i++) {
		const struct histogram *h = &cell->labels[i];

		fprintf(f, "%s\"%s\": {\"requests\": %llu, \"p50_us\": %.2f, \"p99_us\": %.2f}",
			comma, s->labels[i], (unsigned long long)h->count,
			(double)histogram_percentile(h, 50) / 1e3,
			(double)histogram_percentile(h, 99) / 1e3);
		comma = ", ";
	}
	putc('}', f);
}

static void write_errors(FILE *f, const struct load_errors *e)
{
	const char *comma = "";

	fputs(",\n   \"errors_by_kind\": {", f);
	for (int i = 0; i < LOAD_ERRORS; i++) {
		if (!e->count[i])
			continue;
		fprintf(f, "%s\"%s\": %llu", comma, load_error_names[i],
			(unsigned long long)e->count[i]);
		comma = ", ";
	}
	putc('}', f);
}

static void write_cell(FILE *f, const struct cell *cell, const struct script *script)
{
	fputs("\n  {\"model\": ", f);
	json_string(f, cell->contestant->name);
	fprintf(f,
		", \"mode\": \"%s\", \"connections\": %u, \"memory_kind\": \"%s\", \"killed\": %u",
		load_mode_names[cell->mode], cell->connections, cell->rss ? "rss" : "pss",
		cell->stubborn);
	fputs(", \"failure\": ", f);
	json_string(f, cell->failure);
	write_samples(f, cell);
	if (script)
		write_labels(f, cell, script);
	write_errors(f, &cell->errors);
	putc('}', f);
}

void record_write(FILE *f, const struct comparison *c)
{
	write_head(f, c);
	for (unsigned i = 0; i < c->count; i++) {
		if (i)
			putc(',', f);
		write_cell(f, &c->cells[i], c->options.script);
	}
	fputs("\n ]}\n", f);
}
