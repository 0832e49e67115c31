/* SPDX-License-Identifier: MIT */
/*
 * time: tells the seconds since 1900 as 32 bits in network order (RFC 868).
 *
 * The count starts again from 0 in February 2036; a client that knows its century to within 68
 * years takes the difference modulo 2^32 and is right for ever.  Unsigned arithmetic does just that
 * here.
 */
#include "../small.h"

#include <time.h>

static const uint32_t SECONDS_1900_TO_1970 = 2208988800u;

static int time_handle(struct modus_conn *c)
{
	uint32_t seconds = htonl((uint32_t)time(NULL) + SECONDS_1900_TO_1970);
	int rc = modus_write(c, &seconds, sizeof(seconds));

	return rc ? rc : MODUS_CLOSE;
}

MODUS_PLUGIN(.name = "time", .summary = "tells the seconds since 1900 as 32 bits (RFC 868)",
	     .flags = MODUS_STREAM | MODUS_DATAGRAM | MODUS_REENTRANT | MODUS_SPEAKS_FIRST,
	     .verify = small_verify, .handle = time_handle);
