/* SPDX-License-Identifier: MIT */
/*
 * A server under test: a child process that listens.  It leads a process group, so that Ctrl-C
 * reaches the comparison only, and whatever it leaves behind can be ended.  What it says goes to
 * memory: a pipe that nobody reads during the load would stop it.  Or it is one that runs anyway,
 * which is left alone.
 */
#ifndef COMPARE_SERVER_H
#define COMPARE_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct rusage;

struct server {
	pid_t pid;  /* of the child; 0: none */
	pid_t root; /* of the processes that are measured; 0: they are not known */
	int log;    /* a descriptor, or -1 */
	char target[80];
};

#define SERVER_NONE                 \
	{                           \
		.pid = 0, .log = -1 \
	}

struct server_plan {
	void (*become)(const void *arg); /* in the child; returns only if that failed */
	const void *arg;
	bool (*ready)(struct server *s); /* whether it can be loaded; knows the target then */
	const char *sign;                /* of that: "accept connections" */
	int cpu;                         /* -1: any */
	int stop_fd;                     /* the wait ends when it becomes readable */
};

/* Starts a server and waits until it is ready, at most 5 s; s is SERVER_NONE, or has a target.  0,
 * or a negative errno, a sentence in why and nothing left running. */
int server_begin(struct server *s, const struct server_plan *plan, char *why, size_t size);

/* Whether it still runs; if not, why says how it ended and its last lines. */
bool server_runs(const struct server *s, char *why, size_t size);

/* Stops it: SIGTERM, after 3 s SIGKILL for all that is left of it.  Returns whether SIGTERM was
 * enough; life (or NULL) is what it and the children it had waited for have used, all zero if it
 * was never started. */
bool server_stop(struct server *s, struct rusage *life);

#endif
