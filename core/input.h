/* SPDX-License-Identifier: MIT */
/* The input of a connection; the calls themselves are in <modus/handler.h>. */
#ifndef CORE_INPUT_H
#define CORE_INPUT_H

#include <sys/types.h>

struct modus_conn;

/* Receives once what is there, without waiting: the count, 0 at the end of input, -EAGAIN: nothing;
 * -ENOBUFS: no room; other failures stick.  A connection without lease is lent one. */
ssize_t input_try(struct modus_conn *c);

/* The same between two requests, as the strategy idles: may wait up to ms.  Its -ETIMEDOUT does not
 * stick: the caller ends the connection. */
ssize_t input_idle(struct modus_conn *c, int ms);

#endif
