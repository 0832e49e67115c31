/* SPDX-License-Identifier: MIT */
/*
 * A rival: a server that is not modus, beside the models in the same tables.  Either it runs
 * already (an address), or it is a command line that is started anew for each visit, in the same
 * empty directory as a model's server.  In the command line, {port} is where it has to listen, on
 * 127.0.0.1, {dir} its directory and {here} the one that the comparison was started in; other
 * braces stay.
 */
#ifndef COMPARE_RIVAL_H
#define COMPARE_RIVAL_H

#include "compare/stage/server.h"

enum { RIVAL_NAME_MAX = 10 }; /* what the tables have room for */

struct rival {
	char name[RIVAL_NAME_MAX + 1];
	const char *command; /* NULL: it runs already, at target */
	char target[80];
	pid_t pid; /* of one that runs, if it was said; its processes are measured */
};

/* Reads "[NAME=]tcp://HOST:PORT" or "[NAME=]COMMAND...", which stays in use: 0, or -EINVAL and what
 * was wanted. */
int rival_read(struct rival *r, const char *text, char *want, size_t size);

/* Starts it in a directory on one CPU (-1: any) and waits until it accepts connections, as
 * server_begin() does; or looks whether the one that runs does. */
int rival_start(struct server *s, const struct rival *r, const char *directory, int cpu,
		int stop_fd, char *why, size_t size);

#endif
