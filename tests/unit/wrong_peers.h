/* SPDX-License-Identifier: MIT */
/*
 * Servers that give right replies, for each exchange of the load engine, but for each third one:
 * that is dropped, given twice, cut or changed, or the server dies with it.
 */
#ifndef TESTS_UNIT_WRONG_PEERS_H
#define TESTS_UNIT_WRONG_PEERS_H

#include "echo_peers.h"

#include <stdbool.h>
#include <string.h>

enum fault { FAULT_DROP, FAULT_TWICE, FAULT_CUT, FAULT_CHANGE, FAULT_DIE, FAULTS };

static struct {
	enum fault fault;
	const char *reply; /* to a request of so many lines; NULL: it is echoed */
	int lines;
} wrong; /* set before the peer is started */

/* Takes a request and makes its reply, of which it returns the size; 0 at the end of all. */
static inline size_t right_reply(int fd, char reply[SIZE])
{
	int lines = 0;
	char byte;

	if (!wrong.reply)
		return recv(fd, reply, SIZE, MSG_WAITALL) == SIZE ? SIZE : 0;
	while (lines < wrong.lines && read(fd, &byte, 1) == 1)
		lines += byte == '\n';
	memcpy(reply, wrong.reply, strlen(wrong.reply));
	return lines == wrong.lines ? strlen(wrong.reply) : 0;
}

/* Whether the connection goes on. */
static inline bool reply_wrongly(int fd, char *reply, size_t n)
{
	switch (wrong.fault) {
	case FAULT_DROP:
		return true;
	case FAULT_TWICE:
		memcpy(reply + n, reply, n);
		write_all(fd, reply, 2 * n);
		return true;
	case FAULT_CUT:
		write_all(fd, reply, n - 1);
		return false;
	case FAULT_CHANGE:
		reply[n - 2] ^= 1;
		write_all(fd, reply, n);
		return true;
	case FAULT_DIE:
		kill(getppid(), SIGKILL);
		return false;
	default:
		return false;
	}
}

static inline void wrong_each_third(int fd)
{
	char reply[2 * SIZE];
	size_t n;

	for (int i = 1; (n = right_reply(fd, reply)); i++) {
		if (i % 3)
			write_all(fd, reply, n);
		else if (!reply_wrongly(fd, reply, n))
			return;
	}
}

/* The same with datagrams, which are echoed. */
static inline void wrong_datagrams(int fd)
{
	char buf[2 * SIZE];
	struct sockaddr_storage from;

	for (int i = 1;; i++) {
		socklen_t len = sizeof(from);
		ssize_t n = recvfrom(fd, buf, sizeof(buf), 0, (struct sockaddr *)&from, &len);
		bool is_wrong = i % 3 == 0;

		if (n <= 0 || (is_wrong && wrong.fault == FAULT_DROP))
			continue;
		if (is_wrong && wrong.fault == FAULT_DIE)
			return;
		if (is_wrong && wrong.fault == FAULT_CUT)
			n--;
		if (is_wrong && wrong.fault == FAULT_CHANGE)
			buf[n - 1] ^= 1;
		sendto(fd, buf, (size_t)n, 0, (struct sockaddr *)&from, len);
		if (is_wrong && wrong.fault == FAULT_TWICE)
			sendto(fd, buf, (size_t)n, 0, (struct sockaddr *)&from, len);
	}
}

/* The datagrams' server is the process that is started: it ends when that is to die. */
static inline void wrong_peer_start(int fd, bool datagrams)
{
	if (!datagrams) {
		peer_start(fd, wrong_each_third, 0);
		return;
	}
	peer.pid = fork();
	ck_assert_int_ge(peer.pid, 0);
	if (!peer.pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		wrong_datagrams(fd);
		_exit(0);
	}
	close(fd);
}

#endif
