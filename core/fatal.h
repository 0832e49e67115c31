/* SPDX-License-Identifier: MIT */
/*
 * Three failures, three words.  Our bug, or a plugin's breach of the contract: fatal_bug() logs and
 * aborts, in release builds too.  The environment: a negative errno that ends in a clean exit or a
 * retry.  The peer: its connection is dropped and counted under its own name.
 */
#ifndef CORE_FATAL_H
#define CORE_FATAL_H

#include <modus/handler.h>

_Noreturn void fatal_bug(const char *format, ...) MODUS_FORMAT(1, 2);

/* Never on input, configuration or exhaustion. */
#define ASSERT(what) ((what) ? (void)0 : fatal_bug("%s:%d: not so: %s", __FILE__, __LINE__, #what))

/* "ECONNRESET" for -ECONNRESET. */
const char *errno_name(int error);

#endif
