/* SPDX-License-Identifier: MIT */
/* Which plugins a model may run follows from its capabilities; a pair that cannot work is refused
 * with the reason, by the line of the service. */
#include "tests/conformance/harness.h"

#include <stdio.h>
#include <string.h>

static void expect_pair(const char *plugin, bool fits, const char *reason)
{
	char handler[64];
	const char *said;
	int status;

	snprintf(handler, sizeof(handler), "type = \"%s\";", plugin);
	config_begin();
	config_add("test", NULL, handler, "");
	status = config_check(&said);
	if (fits) {
		ck_assert_msg(status == 0, "want it accepted, got %d: %s", status, said);
		return;
	}
	ck_assert_int_eq(status, 1);
	ck_assert_msg(strstr(said, "check.conf:3: "), "want the line, got %s", said);
	ck_assert_msg(strstr(said, plugin) && strstr(said, subject.model) && strstr(said, reason),
		      "want plugin, model and %s, got %s", reason, said);
}

START_TEST(serial_plugins_run_one_at_a_time)
{
	expect_pair("serial", !(subject.capabilities & (MODUS_THREADED | MODUS_EVENTED)),
		    "REENTRANT");
}
END_TEST

START_TEST(memory_is_not_shared_by_processes)
{
	expect_pair("shares", !can(MODUS_PROCESSES), "SHARES_MEMORY");
}
END_TEST

START_TEST(event_loops_are_not_blocked)
{
	expect_pair("blocks", !can(MODUS_EVENTED), "BLOCKS");
}
END_TEST

START_TEST(others_run_everywhere)
{
	expect_pair("echo", true, "");
	expect_pair("every", true, "");
}
END_TEST

START_TEST(who_speaks_first_does_not_wait_for_input)
{
	const char *said;

	config_begin();
	config_add("test", NULL, "type = \"every_first\";", "defer_accept = true;");
	ck_assert_int_eq(config_check(&said), 1);
	ck_assert_msg(strstr(said, "defer_accept"), "got %s", said);
}
END_TEST

void add_pairs(Suite *s)
{
	TCase *t = part(s, "pairs");

	tcase_add_test(t, serial_plugins_run_one_at_a_time);
	tcase_add_test(t, memory_is_not_shared_by_processes);
	tcase_add_test(t, event_loops_are_not_blocked);
	tcase_add_test(t, others_run_everywhere);
	tcase_add_test(t, who_speaks_first_does_not_wait_for_input);
}
