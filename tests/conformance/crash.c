/* SPDX-License-Identifier: MIT */
/* A handler that crashes takes one client with it, or, if its model cannot isolate, the service,
 * which is started again. */
#include "tests/conformance/harness.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

static const char *const ways[] = { "crash", "abort", "exit", "stack" };

enum { WAYS = sizeof(ways) / sizeof(ways[0]), GRACE_MS = 300, LAST_MS = 2000, SLACK_MS = 2000 };

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

static int at_work(struct server *s, const char *command)
{
	int fd = client(s);

	say(fd, "flush begins\n%s", command);
	expect(fd, "ok begins");
	return fd;
}

/* Nobody is left to tell them that the grace is over. */
START_TEST(children_end_after_their_service)
{
	struct server *s;
	int idle, brief, endless, stubborn;
	int64_t start;

	config_begin();
	config_add("test", NULL, "type = \"every\";", "timeouts = { grace = 0.3; };");
	s = server_supervised();
	idle = client(s);
	ask(idle, "echo x", "ok x");
	brief = at_work(s, "sleep 200");
	endless = at_work(s, "sleep 20000");
	stubborn = at_work(s, "spin 20000");
	start = now_ms();
	ck_assert_int_eq(kill(server_service(s), SIGKILL), 0);
	expect_gone(idle);
	ck_assert_int_lt(now_ms() - start, LAST_MS);
	expect(brief, "flushed 0");
	expect(brief, "ok");
	expect_end(brief);
	discard_all(endless);
	ck_assert_int_ge(now_ms() - start, GRACE_MS - 10);
	discard_all(stubborn);
	ck_assert_int_lt(now_ms() - start, GRACE_MS + LAST_MS + SLACK_MS);
	ask(client(s), "echo x", "ok x");
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
	needs(t, MODUS_PROCESSES, children_end_after_their_service);
	tcase_add_test(t, failed_start_is_told);
}
