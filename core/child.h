/* SPDX-License-Identifier: MIT */
/* Processes that a model forks: their beginning, their end and their reaping. */
#ifndef CORE_CHILD_H
#define CORE_CHILD_H

#include "core/service.h"

/* In the child: keeps of the service's descriptors only what c and the contract need, dies with a
 * drain when the service process dies, and answers TERM for c. */
void child_begin(struct modus_service *s, struct modus_conn *c);

/* Ends the child at once: nothing that its parent had opened is flushed or undone twice. */
_Noreturn void child_end(int status);

/* Collects those of pids[0..count), 0 where there is none, that have ended; nobody else's exit is
 * stolen.  ended() is told the place, where there is none from then on. */
typedef void child_ended(void *arg, size_t place, bool crashed);
void child_reap(pid_t *pids, size_t count, child_ended *ended, void *arg);

/* Whether a status is that of a crash, which is logged. */
bool child_crashed(pid_t pid, int status);

#endif
