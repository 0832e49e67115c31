/* SPDX-License-Identifier: MIT */
/* Servers that answer each request, which is one line or several, with one text. */
#ifndef TESTS_UNIT_TEXT_PEERS_H
#define TESTS_UNIT_TEXT_PEERS_H

#include "echo_peers.h"

#include <string.h>

static struct {
	char text[8192];
	size_t size;
	int lines; /* of a request */
} said;            /* set before the peer is started */

static inline void say_what(const char *text, size_t size, int lines)
{
	memcpy(said.text, text, size);
	said.size = size;
	said.lines = lines;
}

/* How many requests have come as a whole, at least one; without any, the connection is at its end.
 */
static inline int await_requests(int fd)
{
	static char buf[BUFFER];
	static int lines; /* of one that has begun; a process has one connection */
	int whole = 0;

	while (!whole) {
		ssize_t n = read(fd, buf, sizeof(buf));

		if (n <= 0)
			_exit(0);
		for (ssize_t i = 0; i < n; i++)
			lines += buf[i] == '\n';
		whole = lines / said.lines;
		lines %= said.lines;
	}
	return whole;
}

static inline void answer_each(int fd)
{
	for (;;)
		for (int i = await_requests(fd); i > 0; i--)
			write_all(fd, said.text, said.size);
}

static inline void answer_byte_by_byte(int fd)
{
	for (;;)
		for (int i = await_requests(fd); i > 0; i--)
			for (size_t at = 0; at < said.size; at++)
				write_all(fd, said.text + at, 1);
}

/* At the first bytes, whatever follows; and takes no more until the client has read that. */
static inline void answer_early(int fd)
{
	char byte;

	if (read(fd, &byte, 1) == 1)
		write_all(fd, said.text, said.size);
	pause();
}

/* As a server that says nothing of a length. */
static inline void answer_and_end(int fd)
{
	await_requests(fd);
	write_all(fd, said.text, said.size);
}

/* The same, and takes what else comes, so that nothing is reset. */
static inline void answer_and_linger(int fd)
{
	char buf[1000];

	answer_and_end(fd);
	shutdown(fd, SHUT_WR);
	while (read(fd, buf, sizeof(buf)) > 0)
		;
}

/* From the third reply on the last byte is another. */
static inline void change_the_third(int fd)
{
	for (int served = 0;;)
		for (int i = await_requests(fd); i > 0; i--) {
			if (++served == 3)
				said.text[said.size - 1] ^= 1;
			write_all(fd, said.text, said.size);
		}
}

/* Its tenth response on a connection has the status 500, where it was 200. */
static inline void fail_the_tenth(int fd)
{
	for (int served = 0;;)
		for (int i = await_requests(fd); i > 0; i--) {
			strchr(said.text, ' ')[1] = ++served == 10 ? '5' : '2';
			write_all(fd, said.text, said.size);
		}
}

static const char *said_more;

static inline void say_more(const char *text)
{
	said_more = text;
}

/* Says more and more, as long as that is read. */
static inline void answer_without_end(int fd)
{
	await_requests(fd);
	write_all(fd, said.text, said.size);
	for (;;)
		write_all(fd, said_more, strlen(said_more));
}

static inline void speak_unasked(int fd)
{
	char byte;

	write_all(fd, said.text, said.size);
	while (read(fd, &byte, 1) > 0)
		;
}

#endif
