/* SPDX-License-Identifier: MIT */
/* What modus load and modus compare are to say, as their options tell. */
#ifndef CLI_EXCHANGE_H
#define CLI_EXCHANGE_H

#include "cli/options.h"
#include "compare/load/talk.h"

extern const struct option_row exchange_rows[]; /* of a struct talk, for OPTION_ROWS */

/* Reads what they ask for; ends the program if that is wrong. */
void exchange_read(const struct options *o, struct talk *t);

#endif
