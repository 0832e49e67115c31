/* SPDX-License-Identifier: MIT */
/*
 * daytime: tells the date and the time in words (RFC 867).
 *
 * MODUS_SPEAKS_FIRST: handle() is called before the client has sent anything.  Over UDP any
 * datagram asks, and what was written goes back as one.
 */
#include "../small.h"

#include <time.h>

static int daytime_handle(struct modus_conn *c)
{
	time_t now = time(NULL);
	struct tm tm;
	char text[128];
	size_t n = strftime(text, sizeof(text), "%A, %B %-d, %Y %H:%M:%S-%Z\r\n",
			    localtime_r(&now, &tm));
	int rc = modus_write(c, text, n);

	return rc ? rc : MODUS_CLOSE;
}

MODUS_PLUGIN(.name = "daytime", .summary = "tells the date and the time in words (RFC 867)",
	     .flags = MODUS_STREAM | MODUS_DATAGRAM | MODUS_REENTRANT | MODUS_SPEAKS_FIRST,
	     .verify = small_verify, .handle = daytime_handle);
