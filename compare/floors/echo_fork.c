/* SPDX-License-Identifier: MIT */
/* The floor of fork: a process for each connection, collected when the kernel says that it ended.
 */
#include "floor.h"

#include <sys/wait.h>

static void collect(int number)
{
	int before = errno;

	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	errno = before;
}

static void serve(int listener, int fd)
{
	close(listener);
	floor_echo(fd);
	_exit(0);
}

int main(void)
{
	struct sigaction sa = { .sa_handler = collect, .sa_flags = SA_RESTART | SA_NOCLDSTOP };
	int listener;

	sigaction(SIGCHLD, &sa, NULL);
	listener = floor_open(SOCK_STREAM);
	for (;;) {
		int fd = floor_accept(listener);
		pid_t pid = fork();

		if (pid == 0)
			serve(listener, fd);
		if (pid < 0)
			perror("fork");
		close(fd);
	}
}
