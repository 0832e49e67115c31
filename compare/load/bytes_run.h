/* SPDX-License-Identifier: MIT */
/* Within the load engine: one connection's requests of one text (bytes.h). */
#ifndef COMPARE_BYTES_RUN_H
#define COMPARE_BYTES_RUN_H

#include "compare/load/bytes.h"
#include "compare/load/window.h"

struct bytes_run {
	struct window window;
	uint64_t sent;   /* bytes */
	uint64_t got;    /* bytes of the reply under way */
	uint64_t length; /* that was said before it */
	char *line;      /* room for one that has to match and has not come as a whole */
};

struct exchange;
extern const struct exchange bytes_exchange;

#endif
