/* SPDX-License-Identifier: MIT */
/* modus-serve as the server under test, on a port of its own choice. */
#ifndef COMPARE_SERVE_H
#define COMPARE_SERVE_H

#include "compare/stage/server.h"

/* Where the serving program is: given (or NULL) if it can be run, else next to this program, else
 * where it is installed.  0 and a path that does not depend on the directory; -ENOENT and a
 * sentence in why. */
int serve_find(const char *given, char *path, size_t path_size, char *why, size_t size);

/* Starts program with the config file on one CPU (-1: any), in the directory where that file is if
 * it is named with one, and waits until it is ready, as server_begin() does. */
int serve_start(struct server *s, const char *program, const char *config, int cpu, int stop_fd,
		char *why, size_t size);

#endif
