/* SPDX-License-Identifier: MIT */
#ifndef BOARD_WATCH_H
#define BOARD_WATCH_H

#include "command.h"

enum { WATCH_TOPIC = 64 };

/* The name under which news of it is published. */
void watch_topic(const struct watch *w, char out[WATCH_TOPIC]);
/* Tells all watchers that there is a post. */
void watch_publish(const struct store_place *p);
/* Where publishing begins: the posts that there are were told. */
int watch_start(struct board_shared *shared, struct store *s);
/* Tells watchers of posts whose writer could not: it was killed, or is another program. */
void watch_tick(struct modus_conn *task);
/* The work after news: says what the session was not told yet; k->more, where there may be more. */
void news_work(struct call *k);

#endif
