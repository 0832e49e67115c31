/* SPDX-License-Identifier: MIT */
/* The other side of scripts: a small service, and servers that each do one thing wrong. */
#ifndef TESTS_UNIT_SCRIPT_PEERS_H
#define TESTS_UNIT_SCRIPT_PEERS_H

#include "compare/load/script.h"

#include "echo_peers.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

/* A line that the client sent, without its end; false at the end of all. */
static inline bool line(FILE *f, char *text, size_t size)
{
	if (!fgets(text, (int)size, f))
		return false;
	text[strcspn(text, "\r\n")] = '\0';
	return true;
}

__attribute__((format(printf, 2, 3))) static inline void reply(FILE *f, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(f, format, args);
	va_end(args);
	fflush(f);
}

static inline FILE *stream(int fd)
{
	FILE *f = fdopen(fd, "r+");

	if (!f)
		_exit(1);
	return f;
}

/* A table of words: HELLO name, ADD word, LIST, PUT and a line, QUIT. */
static inline void table(int fd)
{
	FILE *f = stream(fd);
	char text[256], name[256] = "";
	unsigned count = 0;

	reply(f, "200 here\r\n");
	while (line(f, text, sizeof(text))) {
		if (sscanf(text, "HELLO %255s", name) == 1)
			reply(f, "210 %s\r\n", name);
		else if (!*name)
			reply(f, "500 say hello first\r\n");
		else if (!strncmp(text, "ADD ", 4))
			reply(f, "220 %u %s\r\n", ++count, text + 4);
		else if (!strcmp(text, "LIST"))
			reply(f, "230 %u\r\na\r\n..\r\n.\r\n", count);
		else if (!strcmp(text, "PUT") && (reply(f, "340 go on\r\n"), true) &&
			 line(f, text, sizeof(text)))
			reply(f, "240 %s\r\n", text);
		else
			reply(f, "500 what?\r\n");
	}
}

/* The same, byte by byte. */
static inline void hesitant(int fd)
{
	static const char said[] = "200 here\r\n", put[] = "220 1 x\r\n";
	char text[256];
	FILE *f = stream(fd);

	for (const char *at = said; *at; at++)
		reply(f, "%c", *at);
	while (line(f, text, sizeof(text)))
		for (const char *at = put; *at; at++)
			reply(f, "%c", *at);
}

static inline void refuse_the_third(int fd)
{
	char text[256];
	FILE *f = stream(fd);

	for (int i = 1; line(f, text, sizeof(text)); i++)
		reply(f, i == 3 ? "450 not \033 now\r\n" : "220 %d\r\n", i);
}

static inline void say_two_lines(int fd)
{
	char text[256];
	FILE *f = stream(fd);

	while (line(f, text, sizeof(text)))
		reply(f, "220 1\r\n220 2\r\n");
}

static inline void never_end_a_line(int fd)
{
	char text[256];
	FILE *f = stream(fd);

	while (line(f, text, sizeof(text)))
		for (int i = 0; i < SCRIPT_LINE + 1; i++)
			putc('x', f);
	fflush(f);
}

static inline void say_a_long_line(int fd)
{
	char text[256], said[SCRIPT_LINE + 2];
	FILE *f = stream(fd);

	memset(said, 'x', sizeof(said));
	said[sizeof(said) - 1] = '\n';
	while (line(f, text, sizeof(text)))
		write_all(fd, said, sizeof(said));
}

static inline void say_ever_more(int fd)
{
	char text[256];
	FILE *f = stream(fd);

	line(f, text, sizeof(text));
	for (reply(f, "220 1\r\n");; usleep(10000))
		reply(f, "more\r\n");
}

static inline void greet_and_reset(int fd)
{
	struct linger at_once = { .l_onoff = 1 };

	write_all(fd, "200 here\r\n", 10);
	usleep(20000);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
}

static inline void never_end_a_reply(int fd)
{
	char text[256];
	FILE *f = stream(fd);

	while (line(f, text, sizeof(text)))
		reply(f, "220 1\r\nmore\r\nmo");
}

static inline void refuse_number_one(int fd)
{
	char text[256];
	FILE *f = stream(fd);

	while (line(f, text, sizeof(text)))
		reply(f, strcmp(text, "1") != 0 ? "220 1\r\n" : "450 taken\r\n");
}

static inline void leave(int fd)
{
	char byte;

	if (read(fd, &byte, 1) < 0)
		_exit(1);
}

static inline void leave_within(int fd)
{
	char text[256];
	FILE *f = stream(fd);

	line(f, text, sizeof(text));
	reply(f, "220 1\r\nmore\r\n");
}

#endif
