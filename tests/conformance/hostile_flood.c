/* SPDX-License-Identifier: MIT */
/*
 * Floods of datagrams.  Where the kernel has no room for more it drops some, and where it waits for
 * room it is for the flood to wait; either way the service has to be as before.
 */
#include "tests/conformance/harness.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

enum { FLOOD = 2000, SENDERS = 4, BIGGEST = 65507, TOO_BIG = 100000, FEW = 50 };

struct datagram {
	const char *text;
	size_t size;
};

static char big[TOO_BIG];

static const struct datagram kinds[] = {
	{ "", 0 },       { "echo x", 6 },          { "\n\n\n\n\n\n\n\n", 8 },
	{ "\0\0\0", 3 }, { "readn 100000\n", 13 }, { big, BIGGEST },
};

/* Sends as fast as the service takes them, and looks at no reply. */
static void flood(struct server *s, const void *about)
{
	const struct datagram *d = about;
	int fds[SENDERS], n = hostile_many(d->size > FEW ? FLOOD / 10 : FLOOD);

	for (int i = 0; i < SENDERS; i++)
		fds[i] = client(s);
	for (int i = 0; i < n; i++)
		send(fds[i % SENDERS], d->text, d->size, MSG_DONTWAIT);
	for (int i = 0; i < SENDERS; i++)
		hang_up(fds[i]);
}

START_TEST(flood_of_datagrams)
{
	memset(big, 'x', sizeof(big));
	hostile(&(struct attack) { hostile_target(""), HOSTILE_PLACES, flood, &kinds[_i], 1, ANY,
				   0 });
}
END_TEST

/* Each waits for its reply, so none is dropped. */
static void empty_ones(struct server *s, const void *about)
{
	int fd = client(s);
	uint64_t before = server_count(s, COUNT_datagrams);

	for (int i = 0; i < FEW; i++) {
		ck_assert_int_eq(send(fd, "", 0, 0), 0);
		expect(fd, "empty");
	}
	server_counts(s, COUNT_datagrams, before + FEW);
	hang_up(fd);
}

START_TEST(empty_datagrams)
{
	hostile(&(struct attack) { hostile_target(""), HOSTILE_PLACES, empty_ones, NULL, 2, NONE,
				   0 });
}
END_TEST

/* Longer than any buffer of a service. */
static void oversized_ones(struct server *s, const void *about)
{
	int fd = client(s);

	for (int i = 0; i < FEW; i++) {
		await(fd, POLLOUT, "sending");
		ck_assert_int_eq(send(fd, big, sizeof(big), 0), sizeof(big));
		expect(fd, "err -ENOSYS");
	}
	hang_up(fd);
}

START_TEST(oversized_datagrams)
{
	memset(big, 'x', sizeof(big));
	hostile(&(struct attack) { hostile_target(""), HOSTILE_PLACES, oversized_ones, NULL, 2,
				   COUNT_truncated, FEW });
}
END_TEST

static void nameless_ones(struct server *s, const void *about)
{
	struct sockaddr_storage to;
	int type, fd;
	socklen_t n = url_address(server_url(s, "test"), &to, &type);

	fd = client_keep(socket(AF_UNIX, type | SOCK_CLOEXEC, 0));
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&to, n), 0);
	for (int i = 0; i < FEW; i++) {
		await(fd, POLLOUT, "sending");
		ck_assert_int_eq(send(fd, "echo x", 6, 0), 6);
	}
	hang_up(fd);
}

START_TEST(nameless_datagrams)
{
	hostile(&(struct attack) { hostile_target(""), HOSTILE_PLACES, nameless_ones, NULL, 2,
				   COUNT_unanswerable, FEW });
}
END_TEST

/* From two thousand sockets, each with one. */
static void many_senders(struct server *s, const void *about)
{
	const char *url = server_url(s, "test");

	int n = hostile_many(subject.family == AF_UNIX ? FLOOD / 8
						       : FLOOD); /* each has a file there */

	for (int i = 0; i < n; i++) {
		int fd = client_at(url);

		send(fd, "echo x", 6, MSG_DONTWAIT);
		hang_up(fd);
	}
}

START_TEST(two_thousand_senders)
{
	hostile(&(struct attack) { hostile_target(""), HOSTILE_PLACES, many_senders, NULL, 1, ANY,
				   0 });
}
END_TEST

void add_hostile_flood(Suite *s)
{
	TCase *t = part(s, "hostile_flood");

	tcase_add_loop_test(t, flood_of_datagrams, 0, sizeof(kinds) / sizeof(kinds[0]));
	tcase_add_test(t, empty_datagrams);
	tcase_add_test(t, two_thousand_senders);
	if (subject.family != AF_UNIX)
		return;
	tcase_add_test(t, oversized_datagrams);
	tcase_add_test(t, nameless_datagrams);
}
