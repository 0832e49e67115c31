/* SPDX-License-Identifier: MIT */
/* The name under which ps shows a process. */
#ifndef CORE_TITLE_H
#define CORE_TITLE_H

#include <modus/handler.h>

/* Gives the memory of the arguments and the environment to the title; the environment moves. */
void title_init(int argc, char **argv);

/* Does nothing to the arguments before title_init(); the short name (comm) is always set. */
void title_set(const char *format, ...) MODUS_FORMAT(1, 2);

#endif
