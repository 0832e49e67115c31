/* SPDX-License-Identifier: MIT */
#include "compare/report/standouts.h"

#include <math.h>

enum { WIDTH = 100, FEW = 8 }; /* columns; connections of which shares tell nothing */

static double median(const struct cell *cell, enum metric m)
{
	return cell->median[m].count ? cell->median[m].median : NAN;
}

/* ---- What does ------------------------------------------------------------------------------*/

/* More than half of them at any time: who accepts is slower than who comes. */
static bool in_queue(const struct cell *cell, double mean)
{
	return cell->connections >= FEW && mean > cell->connections / 2.0;
}

/* Workers that live on and serve several; those that are made for a connection do what it asks. */
static bool unlike_workers(const struct cell *cell, double index)
{
	return cell->mode == LOAD_KEEP && cell->connections >= FEW &&
	       2 * cell->workers.count <= cell->connections &&
	       cell->workers.count <= median(cell, METRIC_THREADS) && index < 0.8;
}

static bool unlike_connections(const struct cell *cell, double index)
{
	return index < 0.8;
}

static bool waits_for_disk(const struct cell *cell, double faults)
{
	return faults > 0.001;
}

static bool was_bigger(const struct cell *cell, double peak)
{
	return peak > 1.25 * median(cell, METRIC_MEMORY) + 1;
}

static const struct {
	const char *text;
	enum metric metric;
	int digits;
	bool (*stands_out)(const struct cell *cell, double value);
} rules[] = {
	{ "waiting to be accepted", METRIC_QUEUE_MEAN, 0, in_queue },
	{ "unlike shares of work (balance over workers)", METRIC_BALANCE, 2, unlike_workers },
	{ "unlike shares of replies (fairness over connections)", METRIC_FAIRNESS, 2,
	  unlike_connections },
	{ "waits for a disk per request (major faults)", METRIC_FAULTS_MAJOR, 3, waits_for_disk },
	{ "MB at the peak", METRIC_MEMORY_PEAK, 1, was_bigger },
};

enum { RULES = sizeof(rules) / sizeof(rules[0]) };

/* ---- How it is told ---------------------------------------------------------------------------*/

/* One kind of it: whom it is said of. */
struct said {
	char text[200];
	size_t length;
};

static void add(struct said *s, const char *what, const char *name, const char *figure)
{
	int n = s->length ? snprintf(s->text + s->length, sizeof(s->text) - s->length, ", %s %s",
				     name, figure)
			  : snprintf(s->text, sizeof(s->text), "%s: %s %s", what, name, figure);

	s->length += (size_t)n;
	if (s->length >= sizeof(s->text))
		s->length = sizeof(s->text) - 1;
}

/* Begins a line where it would not fit into this one; column 0: there was nothing yet. */
static void tell(FILE *f, const struct said *s, size_t *column)
{
	if (!s->length)
		return;
	if (!*column)
		*column = (size_t)fprintf(f, "Stands out: %s", s->text);
	else if (*column + s->length + 3 > WIDTH)
		*column = (size_t)fprintf(f, ";\n  %s", s->text) - 2;
	else
		*column += (size_t)fprintf(f, "; %s", s->text);
}

/* Neither the reference once more, nor who serves one and lets the others wait, as is told. */
static bool is_told(const struct comparison *c, const struct cell *cell, unsigned i)
{
	return cell->count && !(i == c->twin && i != c->reference) &&
	       !contestant_takes_turns(cell->contestant);
}

static void tell_rule(FILE *f, const struct comparison *c, unsigned load, unsigned rule,
		      size_t *column)
{
	const struct cell *cells = &c->cells[load * c->options.contestant_count];
	struct said said = { .length = 0 };
	char figure[32];

	for (unsigned i = 0; i < c->options.contestant_count; i++) {
		double value = median(&cells[i], rules[rule].metric);

		if (!is_told(c, &cells[i], i) || !rules[rule].stands_out(&cells[i], value))
			continue;
		snprintf(figure, sizeof(figure), "%.*f", rules[rule].digits, value);
		add(&said, rules[rule].text, cells[i].contestant->name, figure);
	}
	tell(f, &said, column);
}

static void tell_late(FILE *f, const struct comparison *c, unsigned load, size_t *column)
{
	const struct cell *cells = &c->cells[load * c->options.contestant_count];
	struct said said = { .length = 0 };
	char figure[32];

	for (unsigned i = 0; i < c->options.contestant_count; i++) {
		if (!cells[i].late)
			continue;
		snprintf(figure, sizeof(figure), "%u/%u", cells[i].late, cells[i].count);
		add(&said, "rounds left out, the client was late", cells[i].contestant->name,
		    figure);
	}
	tell(f, &said, column);
}

void standouts_print(FILE *f, const struct comparison *c, unsigned load)
{
	size_t column = 0;

	for (unsigned rule = 0; rule < RULES; rule++)
		tell_rule(f, c, load, rule, &column);
	tell_late(f, c, load, &column);
	if (column)
		fputs(".\n", f);
}
