/* SPDX-License-Identifier: MIT */
/* A plugin that breaks the contract: what it takes with it is what the model says. */
#include "tests/faults/harness.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char limits[] = "timeouts = { idle = 1; request = 1; grace = 1; };";

/* Served by some process or other. */
static int at_work(struct server *s, char pid[32])
{
	int fd = client(s);

	say(fd, "pid");
	snprintf(pid, 32, "%s", hear(fd));
	return fd;
}

START_TEST(process_ends)
{
	static const char *const ways[] = { "crash", "abort", "exit 0", "exit 3" };
	struct server *s = serve_supervised("rogue", limits);
	int status;

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		int service = server_service(s), other = -1, fd;
		char pid[32], again[32];

		test_at("%s", ways[i]);
		if (can(MODUS_CONCURRENT))
			other = at_work(s, again);
		fd = at_work(s, pid);
		say(fd, "%s", ways[i]);
		expect_gone(fd);
		if (can(MODUS_ISOLATED)) {
			ask(other, "pid", again);
			ck_assert_int_eq(server_service(s), service);
		} else if (other >= 0) {
			expect_gone(other);
		}
		clients_after_test();
		fd = at_work(s, again);
		ck_assert_str_ne(pid, again);
		hang_up(fd);
	}
	server_term(s); /* its log may have reports: exit() is where leaks are looked for */
	server_vanishes(s, PATIENCE);
	ck_assert(server_exited(s, &status));
	ck_assert_int_eq(status, 0);
}
END_TEST

/* The connection is closed, and nothing else happens. */
START_TEST(nonsense_is_returned)
{
	static const int nonsense[] = { 2, 3, 12345, INT_MAX, -1, -4096, -99999, INT_MIN };
	struct server *s = serve("rogue", limits);
	int other = -1;

	if (can(MODUS_CONCURRENT)) {
		other = client(s);
		ask(other, "hello", "hello");
	}
	for (size_t i = 0; i < sizeof(nonsense) / sizeof(nonsense[0]); i++) {
		int fd = client(s);

		test_at("return %d", nonsense[i]);
		say(fd, "return %d", nonsense[i]);
		expect_gone(fd);
		hang_up(fd);
		await_count(s, COUNT_handler_error, i + 1);
		if (other >= 0)
			ask(other, "still", "still");
	}
	clients_after_test();
	all_closed(s);
	server_stop(s);
}
END_TEST

START_TEST(descriptor_is_closed)
{
	static const char *const ways[] = { "close", "close write" };
	struct server *s = serve("rogue", limits);

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		int other = -1, fd;

		test_at("%s", ways[i]);
		if (can(MODUS_CONCURRENT)) {
			other = client(s);
			ask(other, "hello", "hello");
		}
		fd = client(s);
		say(fd, "%s", ways[i]);
		expect_gone(fd);
		if (other >= 0)
			ask(other, "still", "still");
		clients_after_test();
		all_closed(s); /* at its deadline, where nothing told of it */
		fd = client(s);
		ask(fd, "next", "next");
		hang_up(fd);
	}
	all_closed(s);
	server_stop(s);
}
END_TEST

void add_rogue(Suite *s)
{
	TCase *t = part(s, "rogue");

	tcase_add_test(t, process_ends);
	tcase_add_test(t, nonsense_is_returned);
	tcase_add_test(t, descriptor_is_closed);
}
