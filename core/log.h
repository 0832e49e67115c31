/* SPDX-License-Identifier: MIT */
/*
 * The log: a line a message, a write a line, to standard error.  modus_log() is in
 * <modus/handler.h>.
 *
 *   2026-11-23T08:00:00.123Z info echo[4711] 192.0.2.1:5000: message
 */
#ifndef CORE_LOG_H
#define CORE_LOG_H

#include <modus/handler.h>

/* Text or JSON (PLAN_LOG_...), and the least grave level that is written. */
void log_setup(int format, int level);

/* The name that lines of this process bear; borrowed for ever. */
void log_name(const char *name);

/* Lines of this thread are about c (NULL: nobody) from here on.  Returns who it was before. */
struct modus_conn *log_about(struct modus_conn *c);

#endif
