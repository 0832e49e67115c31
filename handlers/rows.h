/* SPDX-License-Identifier: MIT */
/* The settings rows of a plugin, which a newer header may have made longer than ours. */
#ifndef HANDLERS_ROWS_H
#define HANDLERS_ROWS_H

#include <modus/handler.h>

struct refusal;

/* Copies rows, each stride bytes long, and those nested in them, into rows of our own size.  The
 * caller frees the result, which is one piece.  NULL: a sentence says why. */
struct modus_setting *rows_copy(const struct refusal *r, const struct modus_setting *rows,
				size_t stride);

#endif
