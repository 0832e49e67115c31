/* SPDX-License-Identifier: MIT */
/*
 * What the supervisor tells of its services: their counters, as a text in the form that Prometheus
 * reads.  It goes to whoever connects to the control socket; nothing is read from there.
 */
#ifndef CORE_STATUS_H
#define CORE_STATUS_H

#include "core/counters.h"
#include "core/listener.h"

struct status_service {
	const char *name, *model;
	const struct scoreboard *board;
	pid_t pid; /* 0: it is not running */
	unsigned starts;
};

/* The last line of a text that is whole. */
#define STATUS_END "# EOF\n"

/* Opens the control socket at an address "unix:///path", for this user only; "" or NULL is none,
 * and gives NULL.  0, or a negative errno that was logged. */
int status_open(const char *address, struct listeners **out);

/* The text, to be freed, of *len bytes; NULL: out of memory. */
char *status_text(const struct status_service *all, size_t count, size_t *len);

/* Answers the next client, if there is one, without waiting for it.  Where there are no descriptors
 * for that, pauses, for the client goes on waiting. */
void status_answer(const struct listeners *control, const struct status_service *all, size_t count);

#endif
