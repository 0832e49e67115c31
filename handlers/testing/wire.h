/* SPDX-License-Identifier: MIT */
/* Bytes, or messages, on their way: first in, first out. */
#ifndef TESTING_WIRE_H
#define TESTING_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct wire { /* zeroed is empty */
	char *bytes;
	size_t start, len, room; /* bytes taken, waiting, allocated */
};

void wire_put(struct wire *w, const void *data, size_t n);
size_t wire_take(struct wire *w, void *buf, size_t max); /* the count */
void wire_move(struct wire *from, struct wire *to, size_t max);

void wire_put_message(struct wire *w, const void *data, size_t n);
/* Takes one; what is beyond max is lost.  Its whole length; -1: there is none. */
ssize_t wire_take_message(struct wire *w, void *buf, size_t max);

void wire_drop(struct wire *w); /* all of it */
void wire_free(struct wire *w);

#endif
