/* SPDX-License-Identifier: MIT */
/* The name under which ps shows a process. */
#ifndef CORE_TITLE_H
#define CORE_TITLE_H

#include <modus/handler.h>

enum { TITLE_MAX = 256 }; /* bytes of what is shown, with its NUL */

/* Gives the memory of the arguments and the environment to the title; the environment moves. */
void title_init(int argc, char **argv);

/* Sets the short name (comm, 15 bytes) and what ps shows as arguments; these only after
 * title_init(). */
void title_set(const char *comm, const char *format, ...) MODUS_FORMAT(2, 3);

/* The latter, with a text that is ready, zeroed to its end: for a child, to which each page that it
 * touches is dear. */
void title_put(const char text[TITLE_MAX]);

#endif
