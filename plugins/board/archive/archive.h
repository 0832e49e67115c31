/* SPDX-License-Identifier: MIT */
/* The commands of "modus board", and what they share. */
#ifndef BOARD_ARCHIVE_H
#define BOARD_ARCHIVE_H

#include "../store.h"

/* Each is called with its own name as argv[0], and returns the exit status: 0, 1 for failure, 2 for
 * wrong usage. */
int import_main(int argc, char **argv);
int export_main(int argc, char **argv);
int verify_main(int argc, char **argv);
int user_main(int argc, char **argv);

/* Prints usage: to standard output and 0 if it was asked for, else to standard error and 2. */
int archive_usage(const char *usage, int option);
/* Opens the board's file, made where make is true.  NULL: it was said why not. */
struct store *archive_open(const char *file, bool make);
/* Finds the board; one that is missing is made where title is not NULL.  0, or a negative errno. */
int archive_find_board(struct store *s, const char *name, const char *title, struct store_board *b);
/* Says on standard error that the store could not do it; returns 1. */
int archive_failed(struct store *s, const char *file, int rc);

#endif
