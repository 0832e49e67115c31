/* SPDX-License-Identifier: MIT */
/* The name under which ps shows a process. */
#ifndef CORE_TITLE_H
#define CORE_TITLE_H

#include <modus/handler.h>

/* Gives the memory of the arguments and the environment to the title; the environment moves. */
void title_init(int argc, char **argv);

/* Sets the short name (comm, 15 bytes) and what ps shows as arguments; these only after
 * title_init(). */
void title_set(const char *comm, const char *format, ...) MODUS_FORMAT(2, 3);

#endif
