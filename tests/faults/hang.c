/* SPDX-License-Identifier: MIT */
/* Blocking work that does not come back. */
#include "tests/faults/harness.h"

enum { GRACE_MS = 300, LAST_MS = 1000, SLACK_MS = 4000 };

START_TEST(hanging_work_is_left_behind)
{
	struct server *s = serve("every", "timeouts = { grace = 0.3; };");
	int fd = client(s), other, status, group = server_pid(s);
	int64_t start;

	say(fd, "flush x\nblock 600000");
	expect(fd, "ok x");
	expect(fd, "flushed 0");
	if (can(MODUS_CONCURRENT)) {
		other = client(s);
		ask(other, "echo x", "ok x");
		ask(other, "sleep 5", "ok");
		serves_next(s);
	}
	start = now_ms();
	server_term(s);
	server_vanishes(s, GRACE_MS + LAST_MS + SLACK_MS);
	ck_assert_int_ge(now_ms() - start, GRACE_MS + LAST_MS - 10);
	ck_assert(server_exited(s, &status));
	ck_assert_int_ne(status, 0);
	ck_assert(server_logged(s, "did not end"));
	discard_all(fd);
	group_is_gone(group);
}
END_TEST

void add_hang(Suite *s)
{
	tcase_add_test(part(s, "hang"), hanging_work_is_left_behind);
}
