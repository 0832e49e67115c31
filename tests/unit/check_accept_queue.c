/* SPDX-License-Identifier: MIT */
/* Listening sockets whose clients wait, as many as the test lets. */
#include "compare/measure/accept_queue.h"

#include "unit_suite.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CLIENTS = 5 };

static char directory[64];
static struct address at;
static struct accept_queue queue;
static int listener, clients[CLIENTS];

static void listen_at(const char *text)
{
	ck_assert_int_eq(address_parse(text, &at), 0);
	listener = socket(at.any.sa_family, at.type | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(listener, &at.any, at.len), 0);
	at.len = sizeof(at.un);
	getsockname(listener, &at.any, &at.len);
	if (at.type == SOCK_STREAM)
		ck_assert_int_eq(listen(listener, 16), 0);
}

static void come(void)
{
	for (int i = 0; i < CLIENTS; i++) {
		clients[i] = socket(at.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
		ck_assert_int_eq(connect(clients[i], &at.any, at.len), 0);
	}
}

/* A connection may be there a moment before it waits to be accepted. */
static void await_depth(int depth)
{
	while (accept_queue_depth(&queue) != depth)
		poll(NULL, 0, 1);
}

static void end(void)
{
	accept_queue_close(&queue);
	for (int i = 0; i < CLIENTS; i++)
		close(clients[i]);
	close(listener);
}

static void fill_and_take(const char *text)
{
	listen_at(text);
	ck_assert_int_eq(accept_queue_open(&queue, &at), 0);
	ck_assert_int_eq(accept_queue_depth(&queue), 0);
	come();
	await_depth(CLIENTS);
	close(accept(listener, NULL, NULL));
	await_depth(CLIENTS - 1);
	end();
}

START_TEST(test_tcp)
{
	fill_and_take("tcp://127.0.0.1:0");
}
END_TEST

START_TEST(test_tcp6)
{
	fill_and_take("tcp://[::1]:0");
}
END_TEST

START_TEST(test_unix)
{
	char text[128];

	snprintf(text, sizeof(text), "unix://%s/s", directory);
	fill_and_take(text);
}
END_TEST

/* Its clients come to 127.0.0.1, and the socket is one of IPv6. */
START_TEST(test_both)
{
	struct address all;

	listen_at("tcp://[::]:0");
	all = at;
	ck_assert_int_eq(address_parse("tcp://127.0.0.1:1", &at), 0);
	at.in.sin_port = all.in6.sin6_port;
	ck_assert_int_eq(accept_queue_open(&queue, &at), 0);
	come();
	await_depth(CLIENTS);
	end();
}
END_TEST

START_TEST(test_peak)
{
	listen_at("tcp://127.0.0.1:0");
	ck_assert_int_eq(accept_queue_open(&queue, &at), 0);
	come();
	await_depth(CLIENTS);
	ck_assert_int_eq(accept_queue_begin(&queue), 0);
	poll(NULL, 0, 100);
	accept_queue_end(&queue);
	ck_assert_uint_ge(queue.looks, 1);
	ck_assert_uint_eq(queue.peak, CLIENTS);
	ck_assert_uint_eq(queue.sum, CLIENTS * queue.looks);
	accept_queue_end(&queue);
	end();
}
END_TEST

START_TEST(test_nobody_listens)
{
	listen_at("tcp://127.0.0.1:0");
	close(listener);
	ck_assert_int_eq(accept_queue_open(&queue, &at), -ENOENT);
	accept_queue_close(&queue);
	ck_assert_int_eq(address_parse("unix:///nowhere/at/all", &at), 0);
	ck_assert_int_eq(accept_queue_open(&queue, &at), -ENOENT);
	accept_queue_close(&queue);
	ck_assert_int_eq(address_parse("udp://127.0.0.1:1", &at), 0);
	ck_assert_int_eq(accept_queue_open(&queue, &at), -EOPNOTSUPP);
	accept_queue_close(&queue);
}
END_TEST

static void setup(void)
{
	snprintf(directory, sizeof(directory), "/tmp/modus-queue.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(directory));
}

static void teardown(void)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/s", directory);
	unlink(path);
	rmdir(directory);
}

int main(void)
{
	const TTest *const tests[] = {
		test_tcp, test_tcp6, test_unix, test_both, test_peak, test_nobody_listens,
	};

	return SUITE_RUN("accept_queue", tests, setup, teardown);
}
