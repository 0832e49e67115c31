/* SPDX-License-Identifier: MIT */
/*
 * What the board answers, gathered while the store is read, where nothing may be sent, and sent
 * afterwards by the handler.
 */
#ifndef BOARD_REPLY_H
#define BOARD_REPLY_H

#include "store.h"

#include <modus/handler.h>

struct reply {
	char *text; /* reply_send() frees it */
	size_t len, room;
	bool failed; /* there was no memory for all of it */
};

/* Adds a line; the format has no line end.  What it prints has to be fit (text.h). */
void reply_line(struct reply *r, const char *format, ...) MODUS_FORMAT(2, 3);
void reply_post(struct reply *r, const struct store_post *p, bool hidden);
/* A topic's subject; unseen: its first post is hidden.  hidden: who reads may see what is. */
const char *reply_subject(const char *subject, bool unseen, bool hidden);
void reply_dot(struct reply *r);
void reply_join(struct reply *r, struct reply *more); /* adds what more has, and frees it */

/* A time as RFC 3339 has it, in UTC. */
enum { REPLY_TIME = 24 };
const char *reply_time(char out[REPLY_TIME], int64_t t);

/* Sends all, and frees it.  0 or a negative errno: -ENOMEM where something was lost. */
int reply_send(struct reply *r, struct modus_conn *c);
void reply_drop(struct reply *r);

#endif
