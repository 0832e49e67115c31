/* SPDX-License-Identifier: MIT */
/*
 * echo: sends back what it receives (RFC 862).
 *
 * One call serves what is there.  MODUS_KEEP, which is 0, lets the connection wait for more; a
 * negative errno, of the read or of the write, closes it.
 */
#include "../small.h"

static int echo_handle(struct modus_conn *c)
{
	char buf[4096];
	ssize_t n = modus_read(c, buf, sizeof(buf));

	return n > 0 ? modus_write(c, buf, (size_t)n) : (int)n;
}

MODUS_PLUGIN(.name = "echo", .summary = "sends back what it receives (RFC 862)",
	     .flags = MODUS_STREAM | MODUS_DATAGRAM | MODUS_REENTRANT, .verify = small_verify,
	     .handle = echo_handle);
