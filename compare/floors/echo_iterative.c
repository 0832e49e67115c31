/* SPDX-License-Identifier: MIT */
/* The floor of iterative: one connection at a time. */
#include "floor.h"

int main(void)
{
	int listener = floor_open(SOCK_STREAM);

	for (;;) {
		int fd = floor_accept(listener);

		floor_echo(fd);
		close(fd);
	}
}
