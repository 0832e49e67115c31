/* SPDX-License-Identifier: MIT */
/* Prints a comparison for people: tables of at most 100 columns, and what has to be known to read
 * them. */
#ifndef COMPARE_TABLE_H
#define COMPARE_TABLE_H

#include "compare/comparison.h"

void table_print(FILE *f, const struct comparison *c);  /* a table for each load */
void notes_print(FILE *f, const struct comparison *c);  /* what is particular to it */
void legend_print(FILE *f, const struct comparison *c); /* what holds for all on this machine */

const char *table_script_name(const struct script *script); /* without its directory */

/* Whether the client had hardly any of its CPU left: its limit, not the server's, was met. */
bool table_client_busy(const struct cell *cell);

#endif
