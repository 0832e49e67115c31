/* SPDX-License-Identifier: MIT */
/*
 * The accept queue of a listening socket: connections that are made and that the server has not yet
 * taken.  A thread asks the kernel fifty times a second (sock_diag(7), which tells of any process's
 * sockets).  Several sockets on one port (SO_REUSEPORT) count together.
 */
#ifndef COMPARE_ACCEPT_QUEUE_H
#define COMPARE_ACCEPT_QUEUE_H

#include "core/address.h"

#include <pthread.h>
#include <stdint.h>

struct accept_queue {
	struct address at;
	int fd;         /* to the kernel, or -1 */
	int stop_fd;    /* ends the thread, or -1 */
	uint32_t inode; /* of a unix socket */
	bool running;
	pthread_t thread;
	uint64_t looks, sum; /* of the depths that were seen */
	unsigned peak;
};

/* Gets ready to look at who listens at a: 0, or a negative errno, if nobody does (-ENOENT), if it
 * is no stream (-EOPNOTSUPP) or the kernel does not tell.  accept_queue_close() in any case. */
int accept_queue_open(struct accept_queue *q, const struct address *a);
void accept_queue_close(struct accept_queue *q);

/* How many wait now, or a negative errno. */
int accept_queue_depth(const struct accept_queue *q);

/* Looks again and again, from the one to the other: 0 or a negative errno. */
int accept_queue_begin(struct accept_queue *q);
void accept_queue_end(struct accept_queue *q);

#endif
