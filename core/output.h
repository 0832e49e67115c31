/* SPDX-License-Identifier: MIT */
/* The output of a connection; the calls themselves are in <modus/handler.h>. */
#ifndef CORE_OUTPUT_H
#define CORE_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

struct modus_conn;

/* Sends what is gathered on c and on the connections that it opened, or that its opener has: what
 * every call does before it waits.  0 or the failure of c's own output. */
int output_flush_all(struct modus_conn *c);

/* The same, and ends the datagrams that are gathered: what a connection does when it parks or ends.
 */
int output_end_all(struct modus_conn *c);

/* Sends what is gathered on c, waiting.  0 or a failure that has stuck. */
int output_flush(struct modus_conn *c);

/* Sends what can be sent without waiting.  0, -EAGAIN: some is left; a failure that has stuck. */
int output_push(struct modus_conn *c);

/* Whether the next wait is to send something on c: what is gathered for a stream. */
bool output_pending(const struct modus_conn *c);

#endif
