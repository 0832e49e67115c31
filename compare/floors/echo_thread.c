/* SPDX-License-Identifier: MIT */
/* The floor of thread: a detached thread for each connection. */
#include "floor.h"

#include <pthread.h>
#include <stdint.h>

enum { STACK = 64 << 10 };

static void *serve(void *arg)
{
	int fd = (int)(intptr_t)arg;

	floor_echo(fd);
	close(fd);
	return NULL;
}

int main(void)
{
	pthread_attr_t attr;
	int listener;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, STACK);
	listener = floor_open(SOCK_STREAM);
	for (;;) {
		int fd = floor_accept(listener);
		pthread_t thread;

		if (pthread_create(&thread, &attr, serve, (void *)(intptr_t)fd))
			close(fd);
	}
}
