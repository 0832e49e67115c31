/* SPDX-License-Identifier: MIT */
#include "compare/report/server_report.h"

#include <math.h>

/* A number with so many digits after the point, or "-" for what is not known. */
static void print(FILE *f, const char *before, double x, int digits, const char *after)
{
	if (isnan(x))
		fprintf(f, "%s-%s", before, after);
	else
		fprintf(f, "%s%.*f%s", before, digits, x, after);
}

void server_report_text(FILE *f, const struct load_result *r, const struct watcher *w)
{
	struct sample s;

	watcher_sample(w, r, &s);
	print(f, "  server     ", s.of[METRIC_CPU], 2, " us of CPU per request");
	fprintf(f, ", %.1f MB, %u processes, %u threads\n", (double)w->open.memory / 1e6,
		w->open.processes, w->open.threads);
	print(f, "             ", s.of[METRIC_CPU_USER], 2, " us user's");
	print(f, ", ", s.of[METRIC_CPU_SYSTEM], 2, " us system's; at its peak ");
	print(f, "", s.of[METRIC_MEMORY_PEAK], 1, " MB\n");
	print(f, "             per request: ", s.of[METRIC_SWITCHES_VOLUNTARY], 3,
	      " voluntary and ");
	print(f, "", s.of[METRIC_SWITCHES_INVOLUNTARY], 3, " involuntary context switches,\n");
	print(f, "             ", s.of[METRIC_FAULTS_MINOR], 3, " minor and ");
	print(f, "", s.of[METRIC_FAULTS_MAJOR], 3, " major page faults, ");
	print(f, "", s.of[METRIC_SYSCALLS], 3, " system calls\n");
	print(f, "             accept queue ", s.of[METRIC_QUEUE_MEAN], 1, " in the mean, ");
	print(f, "", s.of[METRIC_QUEUE_PEAK], 0, " at most; balance over workers ");
	print(f, "", s.of[METRIC_BALANCE], 3, "\n");
}

static void print_key(FILE *f, const char *name, double x)
{
	if (isnan(x))
		fprintf(f, "\"%s\": null", name);
	else
		fprintf(f, "\"%s\": %.6g", name, x);
}

void server_report_json(FILE *f, const struct load_result *r, const struct watcher *w)
{
	struct sample s;

	watcher_sample(w, r, &s);
	fputs(", \"server\": {", f);
	print_key(f, "cpu_us_per_request", s.of[METRIC_CPU]);
	fprintf(f, ", \"requests\": %llu, \"memory\": %llu, \"processes\": %u, \"threads\": %u",
		(unsigned long long)watcher_requests(w, r), (unsigned long long)w->open.memory,
		w->open.processes, w->open.threads);
	for (int m = METRIC_CPU_USER; m <= METRIC_BALANCE; m++) {
		fputs(", ", f);
		print_key(f, metric_names[m], s.of[m]);
	}
	fputs(", \"workers\": [", f);
	for (size_t i = 0; i < w->worker_count; i++)
		fprintf(f, "%s%llu", i ? ", " : "", (unsigned long long)w->workers.all[i].requests);
	fputs("]}", f);
}
