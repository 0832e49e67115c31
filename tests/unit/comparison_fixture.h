/* SPDX-License-Identifier: MIT */
/* A comparison that nobody measured: its samples are made up. */
#ifndef TESTS_UNIT_COMPARISON_FIXTURE_H
#define TESTS_UNIT_COMPARISON_FIXTURE_H

#include "compare/cells.h"
#include "compare/judgement.h"

#include <check.h>
#include <math.h>

static const struct modus_model made_iterative = { .name = "iterative" };
static const struct modus_model made_pool = { .name = "pool", .capabilities = MODUS_CONCURRENT };
static const struct modus_model made_epoll = { .name = "epoll", .capabilities = MODUS_CONCURRENT };

/* Three contestants, kept connections, 1 and 64 of them; five percent, a hundred seconds. */
static struct comparison_options made_options(void)
{
	struct comparison_options o = {
		.contestants = { { .name = "iterative", .model = &made_iterative },
				 { .name = "pool", .model = &made_pool },
				 { .name = "epoll", .model = &made_epoll } },
		.contestant_count = 3,
		.connections = { 1, 64 },
		.connections_count = 2,
		.modes = { LOAD_KEEP },
		.mode_count = 1,
		.seed = 1,
		.duration = 1,
		.budget = 100,
		.precision = 0.05,
	};

	return o;
}

/* With the twin of pool these are iterative, pool, pool again, epoll. */
static inline void made_comparison(struct comparison *c, const struct comparison_options *o)
{
	char why[256];

	*c = (struct comparison) { .options = *o };
	ck_assert_int_eq(cells_make(c, why, sizeof(why)), 0);
}

static inline struct cell *made_cell(struct comparison *c, unsigned load, unsigned contestant)
{
	return &c->cells[load * c->options.contestant_count + contestant];
}

/* One more round of a cell, in which all its connections were served. */
static inline struct sample *made_sample(struct cell *cell, double rate, double cpu)
{
	struct sample *s = &cell->samples[cell->count++];

	s->of[METRIC_RATE] = rate;
	s->of[METRIC_CPU] = cpu;
	s->of[METRIC_SERVED] = cell->connections;
	return s;
}

/* What judgement_make() does, but for the intervals of what is looked at by its median alone: to
 * draw all of them takes valgrind seconds. */
static inline void made_judgement(struct comparison *c)
{
	for (unsigned i = 0; i < c->count; i++)
		for (enum metric m = 0; m < METRICS; m++) {
			struct cell *cell = &c->cells[i];
			double median = statistics_median(cell->samples, cell->count, m);
			bool known = cell->count && !isnan(median);

			cell->median[m] = (struct interval) { 0 };
			if (known)
				cell->median[m] =
					(struct interval) { median, median, median, cell->count };
		}
	for (unsigned load = 0; c->twin != c->reference && load < comparison_loads(c); load++) {
		struct cell *twin = made_cell(c, load, c->twin);

		for (enum metric m = METRIC_P99; m <= METRIC_CPU; m++)
			twin->ratio[m] = judgement_ratio(twin, made_cell(c, load, c->reference), m);
	}
}

#endif
