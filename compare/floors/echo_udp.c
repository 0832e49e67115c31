/* SPDX-License-Identifier: MIT */
/* The floor of datagrams: each goes back to where it came from. */
#include "floor.h"

int main(void)
{
	static char buf[65536];
	int fd = floor_open(SOCK_DGRAM);

	for (;;) {
		struct sockaddr_in from;
		socklen_t len = sizeof(from);
		ssize_t n = recvfrom(fd, buf, sizeof(buf), 0, (struct sockaddr *)&from, &len);

		if (n >= 0)
			sendto(fd, buf, (size_t)n, 0, (struct sockaddr *)&from, len);
	}
}
