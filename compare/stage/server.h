/* SPDX-License-Identifier: MIT */
/*
 * A server under test: a child process that serves a config on a port of its own choice.  It leads
 * a process group, so that Ctrl-C reaches the comparison only, and whatever it leaves behind can be
 * ended.  Its log goes to memory: a pipe that nobody reads during the load would stop it.
 */
#ifndef COMPARE_SERVER_H
#define COMPARE_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct rusage;

struct server {
	pid_t pid; /* 0: none */
	int log;   /* a descriptor, or -1 */
	char target[80];
};

#define SERVER_NONE                 \
	{                           \
		.pid = 0, .log = -1 \
	}

/* Where the serving program is: given (or NULL) if it can be run, else next to this program, else
 * where it is installed.  0 and a path that does not depend on the directory; -ENOENT and a
 * sentence in why. */
int server_find(const char *given, char *path, size_t path_size, char *why, size_t size);

/* Starts program with the config file on one CPU (-1: any), in the directory where that file is if
 * it is named with one, and waits until it is ready, at most 5 s, and no longer than stop_fd is not
 * readable.  0, or a negative errno, a sentence in why and
 * nothing left running. */
int server_start(struct server *s, const char *program, const char *config, int cpu, int stop_fd,
		 char *why, size_t size);

/* Whether it still runs; if not, why says how it ended and its last lines. */
bool server_runs(const struct server *s, char *why, size_t size);

/* Stops it: SIGTERM, after 3 s SIGKILL for all that is left of it.  Returns whether SIGTERM was
 * enough; life (or NULL) is what it and the children it had waited for have used, all zero if it
 * was never started. */
bool server_stop(struct server *s, struct rusage *life);

#endif
