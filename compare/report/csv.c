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
	fputs("\r\n", f);
}

static void write_sample(FILE *f, const struct comparison_options *o, const struct cell *cell,
			 unsigned i)
{
	write_text(f, o->scenario ? o->scenario->name : "");
	putc(',', f);
	write_text(f, o->config ? o->config : "");
	putc(',', f);
	write_text(f, o->script ? o->script->name : "");
	putc(',', f);
	write_text(f, cell->contestant->name);
	fprintf(f, ",%s,%u,%u", load_mode_names[cell->mode], cell->connections, i + 1);
	for (int m = 0; m < METRICS; m++)
		write_number(f, cell->samples[i].of[m]);
	fputs("\r\n", f);
}

void csv_write(FILE *f, const struct comparison *all, unsigned count)
{
	write_head(f);
	for (unsigned i = 0; i < count; i++)
		for (unsigned k = 0; k < all[i].count; k++)
			for (unsigned s = 0; s < all[i].cells[k].count; s++)
				write_sample(f, &all[i].options, &all[i].cells[k], s);
}
