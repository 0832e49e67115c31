/* SPDX-License-Identifier: MIT */
/* A directory for whatever a server under test writes, in TMPDIR or /tmp. */
#ifndef COMPARE_SCRATCH_H
#define COMPARE_SCRATCH_H

#include <stdbool.h>
#include <stddef.h>

struct scratch {
	char path[192];
};

int scratch_make(struct scratch *s, char *why, size_t size); /* 0; a negative errno, and why */
void scratch_empty(const struct scratch *s);
void scratch_remove(struct scratch *s); /* and all that is in it */

/* Whether it would be in memory, so that nothing in it waits for a disk. */
bool scratch_is_memory(void);

#endif
