/* SPDX-License-Identifier: MIT */
/* The wall clock jumps: only the log shows it. */
#include "tests/faults/harness.h"

enum { IDLE_MS = 300, SLEEP_MS = 100, LATE_MS = 4000, HOUR_MS = 3600 * 1000 };

static void took(int64_t start, int at_least)
{
	int64_t ms = now_ms() - start;

	ck_assert_msg(ms >= at_least - 5 && ms < at_least + LATE_MS, "it took %lld ms, want %d",
		      (long long)ms, at_least);
}

static void jump_within(struct server *s, int64_t to_ms)
{
	int fd = client(s);
	int64_t start = now_ms();

	say(fd, "flush x\nsleep %d", SLEEP_MS);
	expect(fd, "ok x");
	expect(fd, "flushed 0");
	wrap_page->wall_ms = to_ms;
	expect(fd, "ok");
	took(start, SLEEP_MS);
	start += SLEEP_MS; /* since then, at the earliest, it is idle */
	wrap_page->wall_ms = 0;
	expect_gone(fd);
	took(start, IDLE_MS);
	hang_up(fd);
}

static void ticks_on(struct server *s)
{
	int64_t end = now_ms() + PATIENCE;
	long first = -1, now;

	do {
		int fd = client(s);

		say(fd, "counts");
		now = field(hear(fd), "tick");
		hang_up(fd);
		first = first < 0 ? now : first;
		pause_ms(5);
		ck_assert_msg(now_ms() < end, "the service action has stopped");
	} while (now <= first + 1);
}

START_TEST(wall_clock_jumps)
{
	struct server *s = serve("every", "timeouts = { idle = 0.3; grace = 1; };");
	int fd = client(s);

	ask(fd, "log early", "ok");
	wrap_page->wall_ms = 5 * HOUR_MS;
	ask(fd, "log late", "ok");
	hang_up(fd);
	ck_assert_int_ne(server_hour(s, ": early"), server_hour(s, ": late"));
	ticks_on(s);
	jump_within(s, HOUR_MS);
	jump_within(s, -HOUR_MS);
	wrap_page->wall_ms = -HOUR_MS;
	ticks_on(s);
	server_stop(s);
}
END_TEST

void add_clock(Suite *s)
{
	tcase_add_test(part(s, "clock"), wall_clock_jumps);
}
