/* SPDX-License-Identifier: MIT */
#include "compare/report/load_report.h"

#include "compare/load/bytes.h"
#include "compare/load/script.h"
#include "compare/report/json.h"
#include "compare/report/server_report.h"

#include <string.h>

static const struct {
	const char *name;
	double percent;
} percentiles[] = {
	{ "p50", 50 }, { "p90", 90 }, { "p99", 99 }, { "p99.9", 99.9 }, { "max", 100 }
};

enum { PERCENTILES = sizeof(percentiles) / sizeof(percentiles[0]) };

static double rate(const struct load_result *r)
{
	return r->seconds > 0 ? (double)r->requests / r->seconds : 0;
}

static double percentile_us(const struct histogram *h, double percent)
{
	return (double)histogram_percentile(h, percent) / 1e3;
}

void load_report_errors(FILE *f, const struct load_errors *e)
{
	const char *comma = "";

	for (int i = 0; i < LOAD_ERRORS; i++) {
		if (!e->count[i])
			continue;
		fprintf(f, "%s%llu %s", comma, (unsigned long long)e->count[i],
			load_error_names[i]);
		if (e->number[i])
			fprintf(f, " (%s)", strerror(e->number[i]));
		comma = ", ";
	}
	if (!*comma)
		fputs("none", f);
}

static void latency_text(FILE *f, const struct histogram *h)
{
	fprintf(f, "mean %.1f", histogram_mean(h) / 1e3);
	for (int i = 0; i < PERCENTILES; i++)
		fprintf(f, ", %s %.1f", percentiles[i].name,
			percentile_us(h, percentiles[i].percent));
	fputs(" us\n", f);
}

static void latency_json(FILE *f, const struct histogram *h)
{
	fprintf(f, "{\"mean\": %.2f", histogram_mean(h) / 1e3);
	for (int i = 0; i < PERCENTILES; i++)
		fprintf(f, ", \"%s\": %.2f", percentiles[i].name,
			percentile_us(h, percentiles[i].percent));
	putc('}', f);
}

/* Those of the script's labels; what has none is only in the whole. */
static void labels_text(FILE *f, const struct load_options *o)
{
	for (unsigned i = 1; o->script && o->by_label && i < o->script->label_count; i++) {
		fprintf(f, "    %-8s %llu: ", o->script->labels[i],
			(unsigned long long)o->by_label[i].count);
		latency_text(f, &o->by_label[i]);
	}
}

static void labels_json(FILE *f, const struct load_options *o)
{
	const char *comma = "";

	fputs(", \"labels\": {", f);
	for (unsigned i = 1; o->by_label && i < o->script->label_count; i++) {
		fprintf(f, "%s\"%s\": {\"requests\": %llu, \"latency_us\": ", comma,
			o->script->labels[i], (unsigned long long)o->by_label[i].count);
		latency_json(f, &o->by_label[i]);
		putc('}', f);
		comma = ", ";
	}
	putc('}', f);
}

/* What is said: messages, a request, or a script. */
static void subject_text(FILE *f, const struct load_options *o)
{
	if (o->script)
		fprintf(f, "script %s", o->script->name);
	else if (o->bytes)
		fprintf(f, "mode %s, %zu bytes for %s, pipeline %u", load_mode_names[o->mode],
			o->bytes->request.size, o->bytes->reply, o->pipeline);
	else
		fprintf(f, "mode %s, %zu bytes, pipeline %u", load_mode_names[o->mode], o->size,
			o->pipeline);
}

static void subject_json(FILE *f, const struct load_options *o)
{
	if (o->script) {
		fputs(", \"script\": ", f);
		json_string(f, o->script->name);
	} else if (o->bytes) {
		fprintf(f, ", \"pipeline\": %u, \"request_bytes\": %zu, \"reply\": ", o->pipeline,
			o->bytes->request.size);
		json_string(f, o->bytes->reply);
	} else {
		fprintf(f, ", \"size\": %zu, \"pipeline\": %u", o->size, o->pipeline);
	}
}

void load_report_text(FILE *f, const struct load_options *o, const struct load_result *r,
		      const struct watcher *w)
{
	double cpu = r->seconds > 0 ? 100 * r->client_cpu / r->seconds : 0;

	fprintf(f, "%s, %u connections, ", o->target, o->connections);
	subject_text(f, o);
	fprintf(f, "%s\n  requests   %llu in %.2f s: %.0f per second\n  latency    ",
		r->stopped ? " (interrupted)" : "", (unsigned long long)r->requests, r->seconds,
		rate(r));
	latency_text(f, &r->latency);
	labels_text(f, o);
	fprintf(f, "  served     %u of %u connections\n  errors     ", r->served, r->asked);
	load_report_errors(f, &r->errors);
	if (*r->wrong)
		fprintf(f, "\n  wrong      %s", r->wrong);
	fprintf(f, "\n  client     %.2f s of CPU, %.0f %% of one%s\n", r->client_cpu, cpu,
		cpu > 90 ? ": the client may be the limit, not the server" : "");
	if (w)
		server_report_text(f, r, w);
}

void load_report_json(FILE *f, const struct load_options *o, const struct load_result *r,
		      const struct watcher *w)
{
	fputs("{\"target\": ", f);
	json_string(f, o->target);
	fprintf(f, ", \"mode\": \"%s\", \"connections\": %u", load_mode_names[o->mode],
		o->connections);
	subject_json(f, o);
	fprintf(f, ", \"requests\": %llu, \"seconds\": %.6f, \"requests_per_second\": %.1f",
		(unsigned long long)r->requests, r->seconds, rate(r));
	fputs(", \"latency_us\": ", f);
	latency_json(f, &r->latency);
	if (o->script)
		labels_json(f, o);
	fputs(", \"wrong\": ", f);
	json_string(f, r->wrong);
	fputs(", \"errors\": {", f);
	for (int i = 0; i < LOAD_ERRORS; i++)
		fprintf(f, "%s\"%s\": %llu", i ? ", " : "", load_error_names[i],
			(unsigned long long)r->errors.count[i]);
	fprintf(f,
		"}, \"asked\": %u, \"served\": %u, \"client_cpu_seconds\": %.4f, "
		"\"interrupted\": %s",
		r->asked, r->served, r->client_cpu, r->stopped ? "true" : "false");
	if (w)
		server_report_json(f, r, w);
	fputs("}\n", f);
}
