/* SPDX-License-Identifier: MIT */
/* A peer on a thread of its own: says its lines one by one, each when the one before was read. */
#ifndef TESTS_UNIT_SERVICE_PEER_H
#define TESTS_UNIT_SERVICE_PEER_H

#include "service_fixture.h"

#include <linux/sockios.h>
#include <pthread.h>
#include <sys/ioctl.h>

struct peer {
	pthread_t thread;
	const char *text;
	size_t size, piece; /* of the text, of what is sent at once */
	bool listens_first; /* it waits for something to come before it says a word */
};

static inline void await_read(int fd)
{
	int n;

	for (;;) {
		if (ioctl(fd, SIOCOUTQ, &n) || n == 0)
			return;
		usleep(100);
	}
}

static inline void *peer_main(void *arg)
{
	struct peer *p = arg;
	struct pollfd heard = { rig.peer, POLLIN, 0 };

	if (p->listens_first)
		poll(&heard, 1, 20000);
	for (size_t at = 0; at < p->size; at += p->piece) {
		size_t left = p->size - at;

		await_read(rig.peer);
		send(rig.peer, p->text + at, left < p->piece ? left : p->piece, MSG_NOSIGNAL);
	}
	return NULL;
}

static inline void peer_start(struct peer *p)
{
	ck_assert_int_eq(pthread_create(&p->thread, NULL, peer_main, p), 0);
}

static inline void peer_join(struct peer *p)
{
	pthread_join(p->thread, NULL);
}

#endif
