/* SPDX-License-Identifier: MIT */
/* A server that answers each line with one text. */
#ifndef TESTS_UNIT_TEXT_PEERS_H
#define TESTS_UNIT_TEXT_PEERS_H

#include "echo_peers.h"

#include <stdbool.h>
#include <string.h>

static struct {
	char text[8192];
	size_t size;
} said; /* set before the peer is started */

static inline void say_what(const char *text, size_t size)
{
	memcpy(said.text, text, size);
	said.size = size;
}

/* Takes n bytes away, and how many lines they end. */
static inline int lines_in(const char *bytes, ssize_t n)
{
	int lines = 0;

	for (ssize_t i = 0; i < n; i++)
		lines += bytes[i] == '\n';
	return lines;
}

static inline void answer_each(int fd)
{
	static char buf[BUFFER];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0)
		for (int i = lines_in(buf, n); i > 0; i--)
			write_all(fd, said.text, said.size);
}

static inline void answer_byte_by_byte(int fd)
{
	static char buf[BUFFER];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0)
		for (int i = lines_in(buf, n); i > 0; i--)
			for (size_t at = 0; at < said.size; at++)
				write_all(fd, said.text + at, 1);
}

static inline void speak_unasked(int fd)
{
	char byte;

	write_all(fd, said.text, said.size);
	while (read(fd, &byte, 1) > 0)
		;
}

#endif
