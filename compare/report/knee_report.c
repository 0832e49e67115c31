/* SPDX-License-Identifier: MIT */
#include "compare/report/knee_report.h"

#include "compare/report/json.h"
#include "compare/report/load_report.h"

void knee_report_title(FILE *f, const struct load_options *o, uint64_t bound)
{
	load_report_title(f, o);
	fprintf(f, "\nthe highest rate (%s) with p99 up to %.6g ms\n",
		load_arrivals_names[o->arrivals], (double)bound / 1e6);
	fprintf(f, "%12s%12s%12s%12s\n", "rate", "replies/s", "p50 us", "p99 us");
}

void knee_report_step(FILE *f, const struct knee_step *step)
{
	fprintf(f, "%12.6g%12.6g%12.1f%12.1f  ", step->rate, step->achieved,
		(double)step->p50 / 1e3, (double)step->p99 / 1e3);
	switch (knee_limit(step)) {
	case KNEE_NONE:
		fputs(step->late ? "under, though the client was late\n" : "under\n", f);
		break;
	case KNEE_ERRORS:
		fprintf(f, "%llu errors\n", (unsigned long long)step->errors);
		break;
	case KNEE_CLIENT:
		fputs("cannot tell: the client was late\n", f);
		break;
	case KNEE_OVERLOAD:
		fputs("overload\n", f);
		break;
	case KNEE_SLOW:
		fputs("over\n", f);
		break;
	}
	fflush(f);
}

void knee_report_end(FILE *f, const struct knee *k, bool stopped)
{
	if (stopped)
		fputs("interrupted\n", f);
	if (k->rate <= 0)
		fputs("no rate was under\n", f);
	else if (k->above <= 0)
		fprintf(f, "knee: at least %.6g per second\n", k->rate);
	else
		fprintf(f, "knee: %.6g per second; %.6g is too much%s\n", k->rate, k->above,
			k->limit == KNEE_CLIENT ? " for the client: the server may bear more" : "");
}

static void step_json(struct json *j, const struct knee_step *step)
{
	json_object(j, NULL);
	json_number(j, "rate", step->rate);
	json_number(j, "requests_per_second", step->achieved);
	json_number(j, "p50_us", (double)step->p50 / 1e3);
	json_number(j, "p99_us", (double)step->p99 / 1e3);
	json_count(j, "errors", step->errors);
	json_bool(j, "overload", step->overload);
	json_bool(j, "late", step->late);
	json_bool(j, "under", step->under);
	json_end(j);
}

void knee_report_json(FILE *f, const struct load_options *o, const struct knee *k, uint64_t bound,
		      bool stopped)
{
	struct json j;

	json_begin(&j, f, 2);
	json_object(&j, NULL);
	json_text(&j, "target", o->target);
	json_text(&j, "mode", load_mode_names[o->mode]);
	json_count(&j, "connections", o->connections);
	json_text(&j, "arrivals", load_arrivals_names[o->arrivals]);
	json_number(&j, "p99_bound_us", (double)bound / 1e3);
	json_number(&j, "knee", k->rate);
	json_number(&j, "above", k->above);
	json_bool(&j, "late", k->limit == KNEE_CLIENT);
	json_bool(&j, "interrupted", stopped);
	json_array(&j, "steps");
	for (unsigned i = 0; i < k->count; i++)
		step_json(&j, &k->steps[i]);
	json_end(&j);
	json_end(&j);
}
