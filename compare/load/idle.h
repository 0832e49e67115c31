/* SPDX-License-Identifier: MIT */
/*
 * Within the load engine: connections without a request under way, and when one of them begins its
 * next.  In an open loop that is when a request arrives (pace.h): the connection that is free for
 * longest takes it; where none is free the arrival waits, in order, and its latency counts from
 * the intended time all the same.  With think time it is when the connection has thought.
 *
 * They stand in the order in which it is their turn, so nothing has to be searched.  One that was
 * closed meanwhile is opened when its turn comes.
 */
#ifndef COMPARE_IDLE_H
#define COMPARE_IDLE_H

#include "compare/load/load_conn.h"

/* Whether connections wait here at all between two requests. */
bool idle_waits(const struct load *l);

void idle_add(struct load *l, struct load_conn *c);
/* Before the first request: those who think begin one after the other, not all at once. */
void idle_first(struct load *l, struct load_conn *c);

int64_t idle_next(const struct load *l); /* when the next one begins; INT64_MAX: unknown */
void idle_begin(struct load *l);         /* a request on each whose turn has come */

/* Arrivals before until that were not taken, or have no reply. */
uint64_t idle_unanswered(const struct load *l, int64_t until);

#endif
