/* SPDX-License-Identifier: MIT */
/* Processes that a model forks: their beginning, their end and their reaping. */
#ifndef CORE_CHILD_H
#define CORE_CHILD_H

#include "core/service.h"

/* fork() for s; TERM waits in the child for child_begin(). */
pid_t child_fork(const struct modus_service *s);

/* In the child: keeps of the service's descriptors only what c and the contract need, dies with a
 * drain when the service process dies, and answers TERM for c. */
void child_begin(struct modus_service *s, struct modus_conn *c);

/* Ends the child at once: nothing that its parent had opened is flushed or undone twice. */
_Noreturn void child_end(int status);

/* Collects those of pids[0..count), 0 where there is none, that have ended; nobody else's exit is
 * stolen, and one whose exit somebody else took has ended too.  ended() is told the place, where
 * there is none from then on. */
typedef void child_ended(void *arg, size_t place, bool crashed);
void child_reap(pid_t *pids, size_t count, child_ended *ended, void *arg);

/* The same for each of them, where others may have taken an exit, and for one that is learned of
 * so. */
void child_reap_each(pid_t *pids, size_t count, child_ended *ended, void *arg);

/* Where SIGCHLD is a host's, makes the end of pid a thing for control_turn(); *watched is for
 * child_unwatch(), -1 where there is no host.  0 or a negative errno. */
int child_watch(struct modus_service *s, pid_t pid, int *watched);
void child_unwatch(struct modus_service *s, int watched);

/* Whether a status is that of a crash, which is logged. */
bool child_crashed(pid_t pid, int status);

#endif
