/* SPDX-License-Identifier: MIT */
/* What a service is to those who fork and watch it. */
#ifndef FAULTS_SERVER_H
#define FAULTS_SERVER_H

#include "core/listener.h"
#include "tests/faults/harness.h"

struct server {
	pid_t pid; /* 0: it has ended */
	int status, log;
	bool supervised, hosted;
	char file[128]; /* of the log */
	struct plan *plan;
	struct listeners *listeners; /* and the board: not of a supervised one */
	struct scoreboard *board;
};

/* Serves until TERM, as service_run() does. */
int hosted_run(const struct plan_service *plan, struct listeners *listeners,
	       struct scoreboard *board, void (*ready)(void *arg));

#endif
