/* SPDX-License-Identifier: MIT */
/* Within the load engine: one connection's way through a script (script.h). */
#ifndef COMPARE_SCRIPT_RUN_H
#define COMPARE_SCRIPT_RUN_H

#include "compare/load/script.h"

struct script_run {
	unsigned step;
	unsigned depth;
	uint32_t left[SCRIPT_DEPTH]; /* rounds of each repeat, this one included */
	unsigned label;              /* of the request under way */
	bool skipping;               /* the reply's first line was right, its last is awaited */
	int64_t start;               /* of the request under way */
	int64_t wake_at;             /* the end of a pause; 0: there is none */
	struct script_memory memory;
	char *out, *line; /* what is to be sent; a line that has not come as a whole */
	size_t out_at, out_end, line_size;
};

struct exchange;
extern const struct exchange script_exchange;

#endif
