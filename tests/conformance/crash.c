/* SPDX-License-Identifier: MIT */
/* A handler that crashes takes one client with it, or, if its model cannot isolate, the service,
 * which is started again. */
#include "tests/conformance/harness.h"

#include <stdlib.h>
#include <string.h>

static const char *const ways[] = { "crash", "abort", "exit", "stack" };

enum { WAYS = sizeof(ways) / sizeof(ways[0]) };

static struct server *crashing(void)
{
	struct server *s;

	config_begin();
	config_add("test", NULL, "type = \"crash\";", "");
	s = server_supervised();
	server_may_report(s);
	return s;
}

START_TEST(crash_takes_one_client)
{
	struct server *s = crashing();
	int other = client(s);
	char pid[32];

	say(other, "pid");
	strcpy(pid, hear(other));
	for (int i = 0; i < WAYS; i++) {
		int fd = client(s);

		say(fd, "%s", ways[i]);
		expect_gone(fd);
		ask(other, "echo", "echo");
	}
	ask(other, "pid", pid);
	ck_assert(!server_logged(s, "the service died"));
	clients_after_test();
	server_stop(s);
}
END_TEST

/* No client is refused meanwhile: the listener is the supervisor's. */
START_TEST(service_is_started_again)
{
	struct server *s = crashing();
	int pid = 0;

	for (int i = 0; i < WAYS; i++) {
		int fd = client(s), got;

		say(fd, "pid");
		got = atoi(hear(fd));
		ck_assert_int_ne(got, pid);
		ck_assert_int_ne(got, server_pid(s));
		pid = can(MODUS_ISOLATED) ? 0 : got;
		say(fd, "%s", ways[i]);
		expect_gone(fd);
		hang_up(fd);
	}
	ask(client(s), "echo", "echo");
	clients_after_test();
	server_stop(s);
}
END_TEST

START_TEST(failed_start_is_told)
{
	struct server *s;

	config_begin();
	config_add("test", NULL, "type = \"start_fails\";", "");
	s = server_fails();
	ck_assert(server_logged(s, "no space, as the settings ask"));
	ck_assert(server_logged(s, "ENOSPC"));
}
END_TEST

void add_crash(Suite *s)
{
	TCase *t = part(s, "crash");

	needs(t, MODUS_ISOLATED, crash_takes_one_client);
	tcase_add_test(t, service_is_started_again);
	tcase_add_test(t, failed_start_is_told);
}
