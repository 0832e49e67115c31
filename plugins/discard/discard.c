/* SPDX-License-Identifier: MIT */
/*
 * discard: throws away what it receives (RFC 863).
 *
 * The input is looked at where it lies and taken off, without a copy.
 */
#include <modus/handler.h>

static int discard_handle(struct modus_conn *c)
{
	char *data;
	ssize_t n = modus_peek(c, 0, &data);

	if (n < 0)
		return (int)n;
	modus_consume(c, (size_t)n);
	return MODUS_KEEP;
}

MODUS_PLUGIN(.name = "discard", .summary = "throws away what it receives (RFC 863)",
	     .flags = MODUS_STREAM | MODUS_DATAGRAM | MODUS_REENTRANT, .handle = discard_handle);
