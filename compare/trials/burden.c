/* SPDX-License-Identifier: MIT */
/* burden: an echo that each time first does nothing for so many turns of a loop.  It is a server
 * that became dearer, and by how much is known. */
#include <modus/handler.h>

struct burden_settings {
	int64_t turns;
};

static const struct modus_setting burden_rows[] = {
	MODUS_INT(struct burden_settings, turns, "turns", 0, 0, 1000000000, "turns",
		  "Turns of an empty loop before each reply."),
	MODUS_END
};

static int burden_handle(struct modus_conn *c)
{
	const struct burden_settings *set = modus_instance(c)->settings;
	char buf[4096];
	ssize_t n = modus_read(c, buf, sizeof(buf));

	for (int64_t left = set->turns; left > 0; left--)
		__asm__ volatile("" ::: "memory");
	return n > 0 ? modus_write(c, buf, (size_t)n) : (int)n;
}

MODUS_PLUGIN(.name = "burden", .summary = "echoes, after doing nothing for a while",
	     .flags = MODUS_STREAM | MODUS_REENTRANT, .settings = burden_rows,
	     .settings_size = sizeof(struct burden_settings), .handle = burden_handle);
