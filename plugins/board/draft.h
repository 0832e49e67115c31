/* SPDX-License-Identifier: MIT */
/* A post whose lines are coming. */
#ifndef BOARD_DRAFT_H
#define BOARD_DRAFT_H

#include "reply.h"
#include "session.h"

/* Adds a line, without its end; the first fault is kept, and lets the rest be thrown away. */
void draft_add(struct draft *d, const struct board_settings *set, const char *line, size_t n);
void draft_refuse(struct draft *d, int code);
/* Whether it can be kept: else says why not. */
bool draft_is_fit(const struct draft *d, const struct board_settings *set, struct reply *r);
void draft_free(struct draft *d);

#endif
