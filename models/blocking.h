/* SPDX-License-Identifier: MIT */
/*
 * The blocking strategy: to wait is to block the process or thread that serves the connection.
 *
 * The first receive of a request blocks in recv(), bounded by the timeout that the socket inherited
 * from its listener, so that it costs no further call; a drain ends it by shutdown(SHUT_RD).  Every
 * other wait is a poll() that includes the service's cancel descriptor.
 */
#ifndef MODELS_BLOCKING_H
#define MODELS_BLOCKING_H

#include "core/service.h"

extern const struct modus_io blocking_io;

/* For models whose workers have one connection at a time: passes news on to the workers and ends
 * the blocked receives of idle connections. */
void blocking_news(struct modus_service *s, uint64_t topics);
void blocking_phase(struct modus_service *s);

/* Waits of the blocking strategy, for strategies that share them. */
ssize_t blocking_receive(struct modus_conn *c, char **at, size_t room, int ms);
ssize_t blocking_send(struct modus_conn *c, const struct iovec *parts, int n, int ms);
int blocking_wait(struct modus_conn *c, struct modus_pollfd *want, unsigned n, int ms);
int blocking_block(struct modus_conn *c, int (*work)(void *worker, void *arg), void *arg);
int64_t blocking_now(struct modus_worker *w);

#endif
