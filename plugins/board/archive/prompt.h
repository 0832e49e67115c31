/* SPDX-License-Identifier: MIT */
/* A question whose answer is not to be seen. */
#ifndef BOARD_PROMPT_H
#define BOARD_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

/* Reads a line of standard input, without its end; a terminal shows nothing of it.  Signals that
 * end or stop the program do so after the terminal is as it was; who goes on is asked again.  False
 * at the end of the input. */
bool prompt_unseen(const char *question, char *out, size_t size);

#endif
