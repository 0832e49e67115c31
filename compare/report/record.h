/* SPDX-License-Identifier: MIT */
/* Writes a comparison as one JSON object: the machine, the options, every sample of every cell. */
#ifndef COMPARE_RECORD_H
#define COMPARE_RECORD_H

#include "compare/comparison.h"

void record_write(FILE *f, const struct comparison *c);

#endif
