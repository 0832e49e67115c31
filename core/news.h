/* SPDX-License-Identifier: MIT */
/*
 * News: a hint that goes from any connection, process or service to parked connections.
 *
 * A topic is one bit of 64, by its hash: two topics may share one, which costs a look for nothing.
 * modus_publish() sets the bit as pending on each service's board that wants it and writes the
 * board's eventfd; the service's control hands the bits to the model, which passes them to the
 * workers whose slots want them; a worker pokes its connections.
 */
#ifndef CORE_NEWS_H
#define CORE_NEWS_H

#include <stddef.h>
#include <stdint.h>

struct conn_table;
struct modus_conn;
struct scoreboard;

/* All services whose boards this process can write to; count is at most NEWS_BOARDS. */
enum { NEWS_BOARDS = 256 };
void news_boards(struct scoreboard *const *boards, size_t count);

/* Adds a board to them, takes one from them; boards beyond NEWS_BOARDS get no news. */
void news_join(struct scoreboard *board);
void news_leave(const struct scoreboard *board);

/* Whether news of a topic in mask is for c; notes it on c if so. */
int news_poke(struct modus_conn *c, uint64_t mask);

/* Passes mask on to the workers that want it: their slots' pending bits.  Calls wake(slot index)
 * for each. */
void news_spread(struct scoreboard *b, uint64_t mask, void (*wake)(void *arg, size_t slot),
		 void *arg);

/* Ends c's subscriptions. */
void news_forget(struct modus_conn *c);

#endif
