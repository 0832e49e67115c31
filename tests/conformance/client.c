/* SPDX-License-Identifier: MIT */
/* The clients. */
#include "tests/conformance/harness.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

enum { CLIENTS = 16384, LETTERS = 26, MESSAGE_MAX = 1 << 16 };

static struct {
	int fds[CLIENTS];
	size_t count;
	unsigned names; /* of Unix sockets */
} clients;

/* ---- Sockets ----------------------------------------------------------------------------------*/

int client_keep(int fd)
{
	ck_assert_msg(fd >= 0, "no socket: %s", strerror(errno));
	ck_assert_msg(clients.count < CLIENTS, "too many sockets in one test");
	clients.fds[clients.count++] = fd;
	return fd;
}

void hang_up(int fd)
{
	for (size_t i = 0; i < clients.count; i++)
		if (clients.fds[i] == fd)
			clients.fds[i] = clients.fds[--clients.count];
	close(fd);
}

void hang_up_with_reset(int fd)
{
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger) { 1, 0 }, sizeof(struct linger));
	hang_up(fd);
}

void clients_after_test(void)
{
	while (clients.count)
		hang_up(clients.fds[0]);
}

static socklen_t unix_address(struct sockaddr_un *a, const char *path)
{
	*a = (struct sockaddr_un) { .sun_family = AF_UNIX };
	ck_assert_uint_lt(strlen(path), sizeof(a->sun_path));
	memcpy(a->sun_path, path, strlen(path) + 1);
	return sizeof(*a);
}

/* "127.0.0.1:80", "[::1]:80" */
static socklen_t inet_address(struct sockaddr_storage *out, const char *text)
{
	struct sockaddr_in *in = (void *)out;
	struct sockaddr_in6 *in6 = (void *)out;
	const char *colon = strrchr(text, ':');
	char host[64];

	ck_assert_msg(colon, "no address: %s", text);
	*out = (struct sockaddr_storage) { .ss_family = *text == '[' ? AF_INET6 : AF_INET };
	snprintf(host, sizeof(host), "%.*s", (int)(colon - text), text);
	if (out->ss_family == AF_INET) {
		in->sin_port = htons((uint16_t)atoi(colon + 1));
		ck_assert_int_eq(inet_pton(AF_INET, host, &in->sin_addr), 1);
		return sizeof(*in);
	}
	host[strlen(host) - 1] = '\0';
	in6->sin6_port = htons((uint16_t)atoi(colon + 1));
	ck_assert_int_eq(inet_pton(AF_INET6, host + 1, &in6->sin6_addr), 1);
	return sizeof(*in6);
}

/* The address of a URL, and its socket type. */
socklen_t url_address(const char *url, struct sockaddr_storage *out, int *type)
{
	const char *rest = strstr(url, "://");

	ck_assert_msg(rest, "no URL: %s", url);
	*type = strncmp(url, "udp", 3) == 0 || strncmp(url, "unix-dgram", 10) == 0 ? SOCK_DGRAM
										   : SOCK_STREAM;
	if (strncmp(url, "unix", 4) == 0)
		return unix_address((struct sockaddr_un *)out, rest + 3);
	return inet_address(out, rest + 3);
}

/* A datagram client on a Unix socket must have a name to be answered. */
static void name_client(int fd)
{
	struct sockaddr_un a;
	char path[100];
	socklen_t n;

	snprintf(path, sizeof(path), "%s/client%u", subject.dir, clients.names++);
	n = unix_address(&a, path);
	ck_assert_msg(bind(fd, (struct sockaddr *)&a, n) == 0, "%s: %s", path, strerror(errno));
}

int client_try(const char *url)
{
	struct sockaddr_storage a;
	int type;
	socklen_t n = url_address(url, &a, &type);
	int fd = client_keep(socket(a.ss_family, type | SOCK_CLOEXEC, 0));

	if (a.ss_family == AF_UNIX && type == SOCK_DGRAM)
		name_client(fd);
	if (connect(fd, (struct sockaddr *)&a, n) == 0)
		return fd;
	hang_up(fd);
	return -1;
}

int client_at(const char *url)
{
	int fd = client_try(url);

	ck_assert_msg(fd >= 0, "%s: not connected", url);
	return fd;
}

int client(const struct server *s)
{
	return client_at(server_url(s, "test"));
}

void end_output(int fd)
{
	ck_assert_int_eq(shutdown(fd, SHUT_WR), 0);
}

/* ---- Sending ----------------------------------------------------------------------------------*/

void await(int fd, short events, const char *what)
{
	struct pollfd p = { fd, events, 0 };

	ck_assert_msg(poll(&p, 1, PATIENCE) == 1, "%s: nothing in %d ms", what, PATIENCE);
}

int client_send(int fd, const void *data, size_t n)
{
	const char *at = data;

	while (n > 0) {
		ssize_t sent = send(fd, at, n, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (sent < 0 && errno != EAGAIN)
			return -1;
		if (sent < 0)
			await(fd, POLLOUT, "sending");
		at += sent > 0 ? sent : 0;
		n -= sent > 0 ? (size_t)sent : 0;
	}
	return 0;
}

void put(int fd, const void *data, size_t n)
{
	ck_assert_msg(client_send(fd, data, n) == 0, "the peer is gone: %s", strerror(errno));
}

static int text_of(char *text, size_t size, const char *format, va_list args) MODUS_FORMAT(3, 0);
static int text_of(char *text, size_t size, const char *format, va_list args)
{
	int n = vsnprintf(text, size - 1, format, args);

	ck_assert(n >= 0 && (size_t)n < size - 1);
	return n;
}

void say(int fd, const char *format, ...)
{
	char text[MESSAGE_MAX];
	va_list args;
	int n;

	va_start(args, format);
	n = text_of(text, sizeof(text), format, args);
	va_end(args);
	text[n++] = '\n';
	put(fd, text, (size_t)n);
}

/* ---- Receiving --------------------------------------------------------------------------------*/

static size_t receive(int fd, void *data, size_t room, int flags)
{
	ssize_t n;

	await(fd, POLLIN, "receiving");
	n = recv(fd, data, room, flags);
	ck_assert_msg(n >= 0, "receiving: %s", strerror(errno));
	return (size_t)n;
}

static bool is_datagram(int fd)
{
	int type = 0;

	getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &(socklen_t) { sizeof(type) });
	return type == SOCK_DGRAM;
}

/* Takes no more off a stream than the line. */
static size_t receive_line(int fd, char *text, size_t size)
{
	size_t used = 0, n;
	char *end;

	do {
		ck_assert_msg(used < size, "the line has no end");
		n = receive(fd, text + used, size - used, MSG_PEEK);
		text[used + n] = '\0';
		ck_assert_msg(n > 0, "want a line, got the end after \"%.200s\"", text);
		end = memchr(text + used, '\n', n);
		if (end)
			n = (size_t)(end + 1 - (text + used));
		used += receive(fd, text + used, n, 0);
	} while (!end);
	return used;
}

const char *hear(int fd)
{
	static char text[MESSAGE_MAX + 1];
	size_t n = is_datagram(fd) ? receive(fd, text, MESSAGE_MAX, 0)
				   : receive_line(fd, text, MESSAGE_MAX);

	if (n > 0 && text[n - 1] == '\n')
		n--;
	text[n] = '\0';
	return text;
}

void expect(int fd, const char *format, ...)
{
	char want[MESSAGE_MAX];
	const char *got;
	va_list args;

	va_start(args, format);
	text_of(want, sizeof(want), format, args);
	va_end(args);
	got = hear(fd);
	ck_assert_msg(strcmp(got, want) == 0, "want \"%.300s\", got \"%.300s\"", want, got);
}

void ask(int fd, const char *command, const char *reply)
{
	const char *got;

	say(fd, "%s", command);
	got = hear(fd);
	ck_assert_msg(strcmp(got, reply) == 0, "\"%s\": want \"%.300s\", got \"%.300s\"", command,
		      reply, got);
}

void expect_bytes(int fd, const void *data, size_t n)
{
	char got[MESSAGE_MAX];
	size_t done = 0;

	while (done < n) {
		size_t want = n - done < sizeof(got) ? n - done : sizeof(got);
		size_t some = receive(fd, got, want, 0);

		ck_assert_msg(some > 0, "want %zu bytes, got the end after %zu", n, done);
		ck_assert_msg(memcmp(got, (const char *)data + done, some) == 0,
			      "wrong bytes after %zu of %zu", done, n);
		done += some;
	}
}

void expect_pattern(int fd, size_t n, size_t first)
{
	char pattern[LETTERS * 100 + LETTERS];
	const size_t step = LETTERS * 100;

	for (size_t i = 0; i < sizeof(pattern); i++)
		pattern[i] = (char)('a' + i % LETTERS);
	for (; n > step; n -= step)
		expect_bytes(fd, pattern + first % LETTERS, step);
	expect_bytes(fd, pattern + first % LETTERS, n);
}

void expect_end(int fd)
{
	char text[256];
	size_t n = receive(fd, text, sizeof(text) - 1, 0);

	text[n] = '\0';
	ck_assert_msg(n == 0, "want the end, got \"%s\"", text);
}

size_t discard_all(int fd)
{
	static char data[1 << 16];
	size_t total = 0;
	ssize_t n;

	do {
		await(fd, POLLIN, "receiving");
		n = recv(fd, data, sizeof(data), 0);
		ck_assert_msg(n >= 0 || errno == ECONNRESET || errno == EPIPE, "receiving: %s",
			      strerror(errno));
		total += n > 0 ? (size_t)n : 0;
	} while (n > 0);
	return total;
}

void expect_gone(int fd)
{
	size_t n = discard_all(fd);

	ck_assert_msg(n == 0, "want the end, got %zu bytes", n);
}

void expect_silence(int fd, int ms)
{
	struct pollfd p = { fd, POLLIN, 0 };
	char text[256] = "";

	if (poll(&p, 1, ms) == 0)
		return;
	ck_abort_msg("want silence, got %zd bytes \"%s\"",
		     recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT), text);
}

long field(const char *reply, const char *name)
{
	char want[64];
	const char *at;

	snprintf(want, sizeof(want), " %s=", name);
	at = strstr(reply, want);
	ck_assert_msg(at, "want \"%s\" in \"%s\"", want, reply);
	return atol(at + strlen(want));
}
