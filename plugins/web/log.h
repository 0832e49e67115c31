/* SPDX-License-Identifier: MIT */
/* The access log: a file that is appended to, and found again when it was renamed away. */
#ifndef WEB_LOG_H
#define WEB_LOG_H

#include <stddef.h>

struct access_log;

enum { LOG_LOOK_MS = 1000 };

/* Opens the log at path: "" is none, and gives NULL; "-" is the service's log.  0, or a negative
 * errno that was logged. */
int log_open(const char *path, struct access_log **out);
void log_close(struct access_log *l); /* NULL is fine */

/* Appends a line, which ends with its line end. */
void log_write(struct access_log *l, const char *line, size_t n);

/* Looks whether the file is still the one at its path, if nobody has within LOG_LOOK_MS. */
void log_look(struct access_log *l);

#endif
