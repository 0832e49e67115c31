/* SPDX-License-Identifier: MIT */
#include "compare/report/load_report.h"

#include "compare/load/bytes.h"
#include "compare/load/http.h"
#include "compare/load/script.h"
#include "compare/report/company_report.h"
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

/* All of it: [upper bound in ns, requests], as in the record of a comparison. */
static void buckets_json(FILE *f, const struct histogram *h)
{
	struct histogram_bucket b;
	const char *comma = "";

	fputs(", \"latency_buckets\": [", f);
	for (size_t at = 0; histogram_next(h, &at, &b); comma = ", ")
		fprintf(f, "%s[%llu, %llu]", comma, (unsigned long long)b.upper,
			(unsigned long long)b.count);
	putc(']', f);
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
	else if (o->http)
		fprintf(f, "mode %s, %s, pipeline %u", load_mode_names[o->mode], o->http->name,
			o->pipeline);
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
	} else if (o->http) {
		fprintf(f, ", \"pipeline\": %u, \"http\": ", o->pipeline);
		json_string(f, o->http->name);
	} else {
		fprintf(f, ", \"size\": %zu, \"pipeline\": %u", o->size, o->pipeline);
	}
}

/* When requests begin, where it is not at once. */
static void arrivals_text(FILE *f, const struct load_options *o)
{
	if (o->rate > 0)
		fprintf(f, ", %.10g per second (%s)", o->rate, load_arrivals_names[o->arrivals]);
	if (o->think > 0)
		fprintf(f, ", %g s to think", o->think);
	if (o->per_connection)
		fprintf(f, ", %u requests per connection", o->per_connection);
	if (o->threads > 1)
		fprintf(f, ", %u threads", o->threads);
}

static void open_loop_text(FILE *f, const struct load_result *r)
{
	fprintf(f, "  offered    %.0f per second; %llu had no reply at the end%s\n  lag        ",
		r->offered, (unsigned long long)r->unanswered,
		r->overload ? ": OVERLOAD, latencies grow as long as the load lasts" : "");
	latency_text(f, &r->lag);
	if (r->late)
		fputs("  INVALID    the client did not keep the schedule: see the lag, and its "
		      "CPU\n",
		      f);
}

static void open_loop_json(FILE *f, const struct load_result *r)
{
	fprintf(f,
		", \"offered_per_second\": %.1f, \"unanswered\": %llu, \"overload\": %s, "
		"\"late\": %s, \"lag_us\": ",
		r->offered, (unsigned long long)r->unanswered, r->overload ? "true" : "false",
		r->late ? "true" : "false");
	latency_json(f, &r->lag);
}

void load_report_title(FILE *f, const struct load_options *o)
{
	fprintf(f, "%s, %u connections, ", o->target, o->connections);
	subject_text(f, o);
	arrivals_text(f, o);
}

void load_report_text(FILE *f, const struct load_options *o, const struct load_result *r,
		      const struct watcher *w)
{
	double cpu = r->seconds > 0 ? 100 * r->client_cpu / r->seconds : 0;
	bool limit = cpu > 90 * o->threads;

	load_report_title(f, o);
	fprintf(f, "%s\n  requests   %llu in %.2f s: %.0f per second\n  latency    ",
		r->stopped ? " (interrupted)" : "", (unsigned long long)r->requests, r->seconds,
		rate(r));
	latency_text(f, &r->latency);
	labels_text(f, o);
	if (o->rate > 0)
		open_loop_text(f, r);
	fprintf(f, "  served     %u of %u connections, fairness %.3f\n  errors     ", r->served,
		r->asked, r->fairness);
	load_report_errors(f, &r->errors);
	if (*r->wrong)
		fprintf(f, "\n  wrong      %s", r->wrong);
	fputs("\n", f);
	company_report_text(f, r);
	fprintf(f, "  client     %.2f s of CPU, %.0f %% of one%s\n", r->client_cpu, cpu,
		limit ? ": the client may be the limit, not the server" : "");
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
	fprintf(f,
		", \"rate\": %.10g, \"arrivals\": \"%s\", \"think\": %g, \"per_connection\": %u, "
		"\"threads\": %u",
		o->rate, load_arrivals_names[o->arrivals], o->think, o->per_connection, o->threads);
	fprintf(f, ", \"requests\": %llu, \"seconds\": %.6f, \"requests_per_second\": %.1f",
		(unsigned long long)r->requests, r->seconds, rate(r));
	fputs(", \"latency_us\": ", f);
	latency_json(f, &r->latency);
	buckets_json(f, &r->latency);
	if (o->script)
		labels_json(f, o);
	fputs(", \"wrong\": ", f);
	json_string(f, r->wrong);
	fputs(", \"errors\": {", f);
	for (int i = 0; i < LOAD_ERRORS; i++)
		fprintf(f, "%s\"%s\": %llu", i ? ", " : "", load_error_names[i],
			(unsigned long long)r->errors.count[i]);
	fprintf(f,
		"}, \"asked\": %u, \"served\": %u, \"fairness\": %.4f, \"client_cpu_seconds\": "
		"%.4f, "
		"\"interrupted\": %s",
		r->asked, r->served, r->fairness, r->client_cpu, r->stopped ? "true" : "false");
	if (o->rate > 0)
		open_loop_json(f, r);
	if (o->company)
		company_report_json(f, r);
	if (w)
		server_report_json(f, r, w);
	fputs("}\n", f);
}
