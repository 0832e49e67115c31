/* SPDX-License-Identifier: MIT */
/* modus load --knee: one open loop after the other, until the knee of the service is found. */
#ifndef CLI_KNEE_H
#define CLI_KNEE_H

#include "compare/load/load.h"

/* Searches, beginning with the rate of the options if there is one, and prints what it finds: the
 * status that the command is to end with. */
int knee_run(const struct load_options *o, uint64_t bound, bool json);

#endif
