/* SPDX-License-Identifier: MIT */
/*
 * The supervisor: owns the listeners and the scoreboards, starts one process for each service, and
 * starts it again if it dies.  It has one thread, loads no plugin and reads no client's byte.
 *
 *   TERM, INT   the services drain; once more: they are killed
 */
#ifndef CORE_SUPERVISOR_H
#define CORE_SUPERVISOR_H

#include "core/counters.h"
#include "core/listener.h"
#include "core/plan.h"

/* Runs service index of the plan in a process of its own; ready(arg) when it serves.  Returns the
 * process's exit status. */
typedef int supervisor_serve(size_t index, struct listeners *listeners, struct scoreboard *board,
			     void (*ready)(void *arg), void *arg);

/* Carries out the plan until it is told to stop.  0, or the negative errno of what did not start,
 * which has been logged. */
int supervisor_run(const struct plan *plan, supervisor_serve *serve);

/* The same for one service, in this process: for debuggers. */
int supervisor_foreground(const struct plan_service *service, size_t index,
			  supervisor_serve *serve);

#endif
