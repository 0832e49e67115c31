/* SPDX-License-Identifier: MIT */
/* Checks what a plugin says of itself. */
#ifndef HANDLERS_DESCRIPTOR_H
#define HANDLERS_DESCRIPTOR_H

#include <modus/handler.h>

struct refusal;

/* Checks found, and copies as much of it as both know to *own; its rows are copied to memory that
 * the caller frees.  0, or -EINVAL and a sentence. */
int descriptor_take(const struct refusal *r, const struct modus_plugin *found,
		    struct modus_plugin *own);

#endif
