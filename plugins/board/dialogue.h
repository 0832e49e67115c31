/* SPDX-License-Identifier: MIT */
/*
 * A connection's dialogue: lines come, replies go.
 *
 *   COMMANDS --340--> POST LINES --"."--> COMMANDS
 *      `-- news of what is watched is told between two commands, never among a post's lines
 *
 * One line is taken at a time, and nobody waits for the rest of one: between two calls the
 * connection is parked, so somebody who thinks, or types slowly, holds no thread, no stack and no
 * process's time.
 */
#ifndef BOARD_DIALOGUE_H
#define BOARD_DIALOGUE_H

#include "session.h"

int dialogue_setup(struct modus_conn *c);
int dialogue_handle(struct modus_conn *c);
void dialogue_finish(struct modus_conn *c);

#endif
