/* SPDX-License-Identifier: MIT */
#include "compare/report/csv.h"

#include "compare/load/script.h"
#include "compare/scenario.h"

#include <math.h>
#include <string.h>

/* In quotes where it would be read as more than one field, its own quotes doubled. */
static void write_text(FILE *f, const char *s)
{
	if (!s[strcspn(s, "\",\r\n")]) {
		fputs(s, f);
		return;
	}
	putc('"', f);
	for (; *s; s++) {
		if (*s == '"')
			putc('"', f);
		putc(*s, f);
	}
	putc('"', f);
}

/* What is no number is left out; a locale's comma would be a field's end. */
static void write_number(FILE *f, double x)
{
	char digits[32], *comma;

	putc(',', f);
	snprintf(digits, sizeof(digits), "%.9g", x);
	comma = strchr(digits, ',');
	if (comma)
		*comma = '.';
	if (isfinite(x))
		fputs(digits, f);
}

static void write_head(FILE *f)
{
	fputs("scenario,config,script,name,mode,connections,round", f);
	for (int m = 0; m < METRICS; m++) {
		putc(',', f);
		write_text(f, metric_names[m]);
	}
	fputs(",offered_per_second\r\n", f);
}

/* A row's beginning: which load it was, and its number. */
static void write_load(FILE *f, const struct comparison_options *o, const char *name,
		       enum load_mode mode, unsigned connections, unsigned number)
{
	write_text(f, o->scenario ? o->scenario->name : "");
	putc(',', f);
	write_text(f, o->config ? o->config : "");
	putc(',', f);
	write_text(f, o->script ? o->script->name : "");
	putc(',', f);
	write_text(f, name);
	fprintf(f, ",%s,%u,%u", load_mode_names[mode], connections, number);
}

/* Its end: offered is the rate of a sweep, NaN of another load. */
static void write_sample(FILE *f, const struct sample *sample, double offered)
{
	for (int m = 0; m < METRICS; m++)
		write_number(f, sample->of[m]);
	write_number(f, offered);
	fputs("\r\n", f);
}

static void write_cell(FILE *f, const struct comparison_options *o, const struct cell *cell)
{
	for (unsigned i = 0; i < cell->count; i++) {
		write_load(f, o, cell->contestant->name, cell->mode, cell->connections, i + 1);
		write_sample(f, &cell->samples[i], NAN);
	}
}

static void write_swept(FILE *f, const struct comparison *c, const struct swept *who)
{
	for (unsigned i = 0; i < who->count; i++) {
		const struct sweep_point *p = &who->points[i];

		write_load(f, &c->options, who->contestant->name, c->sweep.mode,
			   c->sweep.connections, p->search);
		write_sample(f, &p->sample, p->step.rate);
	}
}

static void write_comparison(FILE *f, const struct comparison *c)
{
	for (unsigned i = 0; i < c->count; i++)
		write_cell(f, &c->options, &c->cells[i]);
	for (unsigned i = 0; i < c->sweep.count; i++)
		write_swept(f, c, &c->sweep.all[i]);
}

void csv_write(FILE *f, const struct comparison *all, unsigned count)
{
	write_head(f);
	for (unsigned i = 0; i < count; i++)
		write_comparison(f, &all[i]);
}
