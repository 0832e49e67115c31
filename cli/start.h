/* SPDX-License-Identifier: MIT */
/* What modus serve serves where it is told nothing. */
#ifndef CLI_START_H
#define CLI_START_H

/* The text of a config that serves the start page on loopback, to be freed; listen: the address, or
 * NULL for the usual one.  NULL: it was said why not. */
char *start_config(const char *listen);

#endif
