/* SPDX-License-Identifier: MIT */
/* Within the load engine: a connection's requests under way, for exchanges whose requests are all
 * alike.  Replies come in the order of the requests. */
#ifndef COMPARE_WINDOW_H
#define COMPARE_WINDOW_H

#include <stdint.h>

struct load;
struct load_conn;

struct window {
	uint64_t begun, answered;
	int64_t *starts; /* by number modulo pipeline */
};

int window_init(struct load *l); /* 0 or -ENOMEM; window_end() in any case */
void window_end(struct load *l);
/* Gives connection number id its starts. */
void window_open(const struct load *l, struct window *w, uint32_t id);
void window_fill(const struct load *l, struct window *w, int64_t since);
void window_done(struct load *l, struct load_conn *c, struct window *w, int64_t now);

#endif
