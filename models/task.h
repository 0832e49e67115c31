/* SPDX-License-Identifier: MIT */
/* Tasks of a loop: a fiber each, for a step of a connection.  For the loop's own files. */
#ifndef MODELS_TASK_H
#define MODELS_TASK_H

#include "models/loop.h"

/* What a deadline in the loop's heap is within. */
enum { TIMER_CONN, TIMER_TASK };
/* What an event is about: the low bits of what the poller is told. */
enum { ABOUT_CONN, ABOUT_TASK, ABOUT_LISTENER, ABOUT_WAKE, ABOUT_MASK = 7 };

bool task_any(const struct loop *l); /* whether one is free */

/* Steps c, which is new or parked, on a task: now if one is free, else in its turn; returns when it
 * waits or is done. */
void task_start(struct loop *l, struct modus_conn *c);
/* Goes on with t, which waits. */
void task_resume(struct loop *l, struct task *t);

/* c waits for its next step, until c->due at the latest. */
void task_park(struct loop *l, struct modus_conn *c);
bool task_parked(const struct modus_conn *c);
bool task_queued(const struct modus_conn *c); /* for the next free task */

void task_run_ready(struct loop *l); /* those that let others run */
void task_feed(struct loop *l);      /* starts those that found no task */

/* loop_clients.c */
int loop_watch_listeners(struct loop *l); /* 0, or why one is tried again later */
void loop_unwatch_listeners(struct loop *l);
void loop_take_clients(struct loop *l, struct modus_listener *from);

#endif
