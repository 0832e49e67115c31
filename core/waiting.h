/* SPDX-License-Identifier: MIT */
/* What the calls that wait share; the calls themselves are in <modus/handler.h>. */
#ifndef CORE_WAITING_H
#define CORE_WAITING_H

struct modus_conn;

/* What a call that waits does first: sends what is gathered.  0, or what the call is to return. */
int waiting_begin(struct modus_conn *c, const char *call);

/* Runs work where blocking is allowed, and waits for it. */
int waiting_block(struct modus_conn *c, int (*work)(void *worker, void *arg), void *arg);

#endif
