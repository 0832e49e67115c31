/* SPDX-License-Identifier: MIT */
/* What start(), tick() and stop() write: it is sent, although their connections end with them. */
#include "tests/conformance/harness.h"

#include <stdio.h>

enum { REPORTED = 6 << 20, TAIL = 777 };

static struct server *reporting(const char *when, int size, int *listener)
{
	char url[128], handler[256];

	*listener = upstream_listen("tcp", url, sizeof(url));
	snprintf(handler, sizeof(handler),
		 "type = \"report\"; to = \"%s\"; size = \"%d\"; when = \"%s\";", url, size, when);
	config_begin();
	config_add("test", NULL, handler, "");
	return server_begins();
}

/* The service has to wait before it can send the rest. */
static void expect_report(int listener, int size)
{
	int up = upstream_accept(listener);

	pause_ms(50);
	expect_pattern(up, (size_t)size, 0);
	expect_end(up);
}

static void report_while_it_runs(const char *when, int size)
{
	int listener;
	struct server *s = reporting(when, size, &listener);

	expect_report(listener, size);
	server_is_ready(s);
	ask(client(s), "x", "x");
	clients_after_test();
	server_stop(s);
}

START_TEST(start_sends_all)
{
	report_while_it_runs("start", REPORTED + TAIL);
	report_while_it_runs("start", TAIL);
}
END_TEST

START_TEST(tick_sends_all)
{
	report_while_it_runs("tick", REPORTED + TAIL);
	report_while_it_runs("tick", TAIL);
}
END_TEST

START_TEST(stop_sends_all)
{
	int listener;
	struct server *s = reporting("stop", REPORTED + TAIL, &listener);

	server_is_ready(s);
	server_term(s);
	expect_report(listener, REPORTED + TAIL);
	server_ends(s, PATIENCE);
}
END_TEST

void add_tasks(Suite *s)
{
	TCase *t = part(s, "tasks");

	tcase_add_test(t, start_sends_all);
	tcase_add_test(t, tick_sends_all);
	tcase_add_test(t, stop_sends_all);
}
