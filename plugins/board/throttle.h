/* SPDX-License-Identifier: MIT */
/*
 * Failed logins, counted per address in the block that all processes of the service share.  After
 * some failures the next attempt has to wait, each time twice as long as before; all is forgotten
 * after a quiet time.  An IPv6 client is its /64, all clients of a Unix socket are one.  Addresses
 * that fall on the same place of the table are counted together.
 */
#ifndef BOARD_THROTTLE_H
#define BOARD_THROTTLE_H

#include <stdatomic.h>
#include <stdint.h>
#include <sys/socket.h>

enum { THROTTLE_PLACES = 1024, THROTTLE_FREE = 3, THROTTLE_MAX = 900, THROTTLE_FORGET = 900 };

struct throttle {
	struct {
		_Atomic uint32_t failures;
		_Atomic int64_t last;  /* milliseconds, monotonic */
		_Atomic int64_t tried; /* likewise: the attempt that was due; 0: it was right */
	} places[THROTTLE_PLACES];
};

unsigned throttle_place(const struct sockaddr *client);
/* The seconds until the client may try again, 0: now.  Where it had to wait, that is for one
 * attempt of many at once: the others wait as if it had failed, until it is known to be right. */
int64_t throttle_wait(struct throttle *t, unsigned place, int64_t now);
void throttle_passed(struct throttle *t, unsigned place);
void throttle_failed(struct throttle *t, unsigned place, int64_t now);
int64_t throttle_now(void); /* milliseconds */

#endif
