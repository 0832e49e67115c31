/* SPDX-License-Identifier: MIT */
#include "compare/report/sweep_report.h"

#include <math.h>

/* What is just above a knee. */
static const char *const limits[] = {
	[KNEE_NONE] = "no rate was too much", [KNEE_ERRORS] = "errors",
	[KNEE_CLIENT] = "the client's limit", [KNEE_OVERLOAD] = "overload",
	[KNEE_SLOW] = "p99 above that",
};
static const char *const limit_names[] = {
	[KNEE_NONE] = NULL,           [KNEE_ERRORS] = "errors", [KNEE_CLIENT] = "client",
	[KNEE_OVERLOAD] = "overload", [KNEE_SLOW] = "p99",
};

/* ---- For people -------------------------------------------------------------------------------*/

static void print_served(FILE *f, const struct sweep *s, const struct sample *sample)
{
	char text[32] = "all";

	if (sample->of[METRIC_SERVED] < s->connections)
		snprintf(text, sizeof(text), "%.0f/%u", sample->of[METRIC_SERVED], s->connections);
	fprintf(f, "%10s", text);
}

static void print_point(FILE *f, const struct sweep *s, const struct sweep_point *p)
{
	double cpu = p->sample.of[METRIC_CPU];

	fprintf(f, "%9.0f%9.0f", (double)p->step.p50 / 1e3, (double)p->step.p99 / 1e3);
	if (isnan(cpu))
		fprintf(f, "%9s", "-");
	else
		fprintf(f, "%9.1f", cpu);
	print_served(f, s, &p->sample);
}

static void print_range(FILE *f, const struct sweep_knee *k)
{
	char text[48];

	if (k->high > 0)
		snprintf(text, sizeof(text), "%.0f-%.0f", k->low, k->high);
	else
		snprintf(text, sizeof(text), "from %.0f on", k->low);
	fprintf(f, "  %-17s", text);
}

static void print_swept(FILE *f, const struct sweep *s, const struct swept *who)
{
	struct sweep_knee k = sweep_knee(who);

	fprintf(f, "%-10s", who->contestant->name);
	if (*who->failure) {
		fputs(" failed, see below\n", f);
		return;
	}
	if (!k.point) {
		fputs(who->count ? " none of the rates" : " not measured", f);
		if (k.high > 0)
			fprintf(f, ", from %.0f on: %s", k.high, limits[k.limit]);
		fputs("\n", f);
		return;
	}
	fprintf(f, "%9.0f", k.rate);
	print_range(f, &k);
	print_point(f, s, k.point);
	fprintf(f, "  %s%s\n", limits[k.limit], k.searches ? "" : " (not searched to the end)");
}

static bool any_client(const struct sweep *s)
{
	for (unsigned i = 0; i < s->count; i++)
		if (sweep_knee(&s->all[i]).limit == KNEE_CLIENT)
			return true;
	return false;
}

static void print_notes(FILE *f, const struct comparison *c)
{
	const struct sweep *s = &c->sweep;

	fprintf(f,
		"p50, p99 and us/req are those of a load at that rate. In loads of %.2f s "
		"requests come\nindependently of each other (Poisson). Up to %u searches of each "
		"ended within from - to, in %.0f s.\n",
		s->duration, s->wanted, s->seconds);
	for (unsigned i = 0; i < s->count; i++)
		if (*s->all[i].failure)
			fprintf(f, "- %s: %s\n", s->all[i].contestant->name, s->all[i].failure);
	if (any_client(s))
		fputs("The client's limit: it sent too late, and the server may bear more.\n", f);
}

void sweep_report(FILE *f, const struct comparison *c)
{
	const struct sweep *s = &c->sweep;

	if (!s->count)
		return;
	fprintf(f, "\nthe highest rate with a p99 up to %.6g ms, %u connection%s %s (knee)\n",
		(double)s->bound / 1e6, s->connections, s->connections == 1 ? "" : "s",
		s->mode == LOAD_KEEP ? "kept open" : "at once, one per request");
	fprintf(f, "%-10s%9s  %-17s%9s%9s%9s%10s  %s\n", "model", "req/s", "from - to", "p50 us",
		"p99 us", "us/req", "served", "above it");
	for (unsigned i = 0; i < s->count; i++)
		print_swept(f, s, &s->all[i]);
	print_notes(f, c);
}

/* ---- As JSON ----------------------------------------------------------------------------------*/

static void point_json(struct json *j, const struct sweep_point *p)
{
	json_object(j, NULL);
	json_count(j, "search", p->search);
	json_number(j, "rate", p->step.rate);
	json_number(j, "requests_per_second", p->step.achieved);
	json_number(j, "p50_us", (double)p->step.p50 / 1e3);
	json_number(j, "p99_us", (double)p->step.p99 / 1e3);
	json_number(j, metric_names[METRIC_CPU], p->sample.of[METRIC_CPU]);
	json_number(j, "served", p->sample.of[METRIC_SERVED]);
	json_count(j, "errors", p->step.errors);
	json_bool(j, "overload", p->step.overload);
	json_bool(j, "late", p->step.late);
	json_bool(j, "under", p->step.under);
	json_end(j);
}

/* What was not found is null. */
static void rate_json(struct json *j, const char *name, double rate)
{
	json_number(j, name, rate > 0 ? rate : NAN);
}

static void swept_json(struct json *j, const struct swept *who)
{
	struct sweep_knee k = sweep_knee(who);

	json_object(j, NULL);
	json_text(j, "name", who->contestant->name);
	rate_json(j, "knee", k.rate);
	rate_json(j, "low", k.low);
	rate_json(j, "high", k.high);
	json_text(j, "limit", limit_names[k.limit]);
	json_count(j, "searches", k.searches);
	json_text(j, "failure", *who->failure ? who->failure : NULL);
	json_array(j, "points");
	for (unsigned i = 0; i < who->count; i++)
		point_json(j, &who->points[i]);
	json_end(j);
	json_end(j);
}

void sweep_report_json(struct json *j, const struct comparison *c)
{
	const struct sweep *s = &c->sweep;

	if (!s->count) {
		json_text(j, "sweep", NULL);
		return;
	}
	json_object(j, "sweep");
	json_number(j, "p99_bound_us", (double)s->bound / 1e3);
	json_text(j, "mode", load_mode_names[s->mode]);
	json_count(j, "connections", s->connections);
	json_text(j, "arrivals", load_arrivals_names[PACE_POISSON]);
	json_number(j, "duration", s->duration);
	json_number(j, "seconds", s->seconds);
	json_array(j, "models");
	for (unsigned i = 0; i < s->count; i++)
		swept_json(j, &s->all[i]);
	json_end(j);
	json_end(j);
}
