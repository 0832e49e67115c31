/* SPDX-License-Identifier: MIT */
/* The loads of a comparison, before any is run. */
#ifndef COMPARE_LOADS_H
#define COMPARE_LOADS_H

#include "compare/comparison.h"

/* What all of them have in common: the exchange, times, and what a scenario says. */
struct load_options loads_common(const struct comparison_options *o);

/* Whether what each asks for fits together: 0, or -EINVAL and a sentence in why. */
int loads_check(const struct comparison *c, bool datagrams, char *why, size_t size);

#endif
