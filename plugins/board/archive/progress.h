/* SPDX-License-Identifier: MIT */
/* A bar on standard error, where that is a terminal: how far it is, and how long it will take. */
#ifndef BOARD_ARCHIVE_PROGRESS_H
#define BOARD_ARCHIVE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	const char *what;
	double began, shown; /* seconds; shown: when last */
	bool visible;
};

void progress_begin(struct progress *p, const char *what);
void progress_show(struct progress *p, int64_t done, int64_t of, int64_t messages);
void progress_end(struct progress *p);

#endif
