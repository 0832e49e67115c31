/* SPDX-License-Identifier: MIT */
/*
 * The control of a service process: signals, phases, news, ended children.
 *
 * Models whose process may have threads get a thread that does nothing else.  A process that forks
 * stays single-threaded: there the control is a descriptor that every wait includes, and is turned
 * by whoever finds it readable.
 */
#ifndef CORE_CONTROL_H
#define CORE_CONTROL_H

#include "core/service.h"

/* Blocks the signals that matter and opens the control of s; with a thread, unless the model forks.
 * 0 or a negative errno. */
int control_open(struct modus_service *s);
void control_close(struct modus_service *s);

/* The descriptor that a single-threaded process includes in its waits; -1 where a thread does it,
 * in children, and while plugins start and stop. */
int control_fd(const struct modus_service *s);

/* Does what is to be done now, when the descriptor is readable. */
void control_turn(struct modus_service *s);

/* For a model that forks: turns the control once, waiting for cause at most ms. */
void control_wait(struct modus_service *s, int ms);

/* In a child that the model forked to serve c: lets go of the control.  TERM ends c's blocked
 * receive from here on; the phase itself stands on the board, which all processes see. */
void control_leave(struct modus_service *s, struct modus_conn *c);

/* The signal that interrupts waits for news; blocked but in such waits. */
int control_news_signal(void);

/* Begins to stop the service, as TERM does. */
void control_drain(struct modus_service *s);

#endif
