/* SPDX-License-Identifier: MIT */
/* Who takes part in a comparison, a row of its tables: the service under one of the models, or
 * another server. */
#ifndef COMPARE_CONTESTANT_H
#define COMPARE_CONTESTANT_H

#include "compare/stage/rival.h"

#include <modus/model.h>
#include <stdbool.h>

struct contestant {
	const char *name;                /* in tables and records; no other has it */
	const struct modus_model *model; /* NULL: it is a rival */
	const struct rival *rival;
};

/* Whether it is in its nature to serve one connection after the other. */
static inline bool contestant_takes_turns(const struct contestant *c)
{
	return c->model && !(c->model->capabilities & MODUS_CONCURRENT);
}

#endif
