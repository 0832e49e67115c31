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

/* Collects the children that have ended and are ours, one by one; nobody else's exit is stolen. */
void child_reap(bool (*is_ours)(void *arg, pid_t pid),
		void (*ended)(void *arg, pid_t pid, int status), void *arg);

/* Whether a status is that of a crash, which is logged. */
bool child_crashed(pid_t pid, int status);

#endif
