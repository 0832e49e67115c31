/* SPDX-License-Identifier: MIT */
/* The peers of connections that handlers open. */
#include "tests/conformance/harness.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static unsigned sockets; /* names of Unix sockets */

static struct {
	pthread_t thread;
	bool runs;
} echo;

int upstream_listen(const char *scheme, char *url, size_t size)
{
	struct sockaddr_storage a;
	socklen_t n;
	int type, fd;

	if (strcmp(scheme, "unix") == 0)
		snprintf(url, size, "unix://%s/up%u", subject.dir, sockets++);
	else
		snprintf(url, size, "%s://127.0.0.1:0", scheme);
	n = url_address(url, &a, &type);
	fd = client_keep(socket(a.ss_family, type | SOCK_CLOEXEC, 0));
	ck_assert_msg(bind(fd, (struct sockaddr *)&a, n) == 0, "%s: %s", url, strerror(errno));
	if (type == SOCK_STREAM)
		ck_assert_int_eq(listen(fd, 8), 0);
	if (a.ss_family != AF_UNIX) {
		ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&a, &n), 0);
		snprintf(url, size, "%s://127.0.0.1:%u", scheme,
			 ntohs(((struct sockaddr_in *)&a)->sin_port));
	}
	return fd;
}

int upstream_accept(int listener)
{
	await(listener, POLLIN, "accepting");
	return client_keep(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
}

static void *echo_main(void *arg)
{
	const struct timeval patience = { .tv_sec = PATIENCE / 1000 };
	int fd = *(int *)arg;
	char data[16384];
	ssize_t n, sent = 0;

	free(arg);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	while (sent >= 0 && (n = recv(fd, data, sizeof(data), 0)) > 0)
		for (ssize_t at = 0; at < n && sent >= 0; at += sent)
			sent = send(fd, data + at, (size_t)(n - at), MSG_NOSIGNAL);
	close(fd);
	return NULL;
}

void upstream_echo_start(int listener)
{
	int *fd = malloc(sizeof(*fd));

	ck_assert(fd != NULL);
	await(listener, POLLIN, "accepting");
	*fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	ck_assert_int_ge(*fd, 0);
	ck_assert_int_eq(pthread_create(&echo.thread, NULL, echo_main, fd), 0);
	echo.runs = true;
}

void upstream_echo_join(void)
{
	if (!echo.runs)
		return;
	pthread_join(echo.thread, NULL);
	echo.runs = false;
}
