/* SPDX-License-Identifier: MIT */
/* How output reaches a client, however it reads. */
#include "tests/conformance/harness.h"

#include <stdio.h>

enum { MANY = 8 << 20, SOME = 3000000, DRAINED = 100000 };

static struct server *every(void)
{
	return server_shared("type = \"every\";", "");
}

START_TEST(slow_reader_gets_every_byte)
{
	int fd = client(every());

	say(fd, "big %d", MANY);
	pause_ms(50);
	expect(fd, "ok %d", MANY);
	for (size_t at = 0; at < MANY; at += MANY / 8) {
		expect_pattern(fd, MANY / 8, at);
		pause_ms(10);
	}
	ask(fd, "echo x", "ok x");
}
END_TEST

START_TEST(pieces_of_any_size_make_the_reply)
{
	int fd = client(every());

	say(fd, "big 3000 1\nbig %d 1000000\necho end", SOME);
	expect(fd, "ok 3000");
	expect_pattern(fd, 3000, 0);
	expect(fd, "ok %d", SOME);
	expect_pattern(fd, SOME, 0);
	expect(fd, "ok end");
}
END_TEST

START_TEST(file_is_sent_in_its_place)
{
	int fd = client(every());

	say(fd, "echo before\nsendfile %d 7\necho between\nsendfile 0\nsendfile 10\necho after",
	    SOME);
	expect(fd, "ok before");
	expect(fd, "ok %d", SOME);
	expect_pattern(fd, SOME, 7);
	expect(fd, "ok between");
	expect(fd, "ok 0");
	expect(fd, "ok 10");
	expect_pattern(fd, 10, 0);
	expect(fd, "ok after");
}
END_TEST

START_TEST(short_file_ends_the_connection)
{
	struct server *s = every();
	int fd = client(s);

	say(fd, "sendshort 1000");
	ck_assert_uint_le(discard_all(fd), 1000 + sizeof("ok 1000"));
	server_logs(s, "EIO");
}
END_TEST

START_TEST(flush_sends_at_once)
{
	int fd = client(every());

	say(fd, "flush now\nsleep 800");
	expect(fd, "ok now");
	expect(fd, "flushed 0");
	expect_silence(fd, 50);
	expect(fd, "ok");
}
END_TEST

/* Before any wait, what was written is sent. */
START_TEST(waiting_sends_first)
{
	int fd = client(every());

	say(fd, "echo first\nsleep 200");
	expect(fd, "ok first");
	expect_silence(fd, 50);
	expect(fd, "ok");
	say(fd, "echo second\nreadn 1");
	expect(fd, "ok second");
	put(fd, "x", 1);
	expect(fd, "ok 1");
	expect_bytes(fd, "x", 1);
}
END_TEST

START_TEST(reply_comes_after_half_close)
{
	int fd = client(every());

	say(fd, "sleep 20\nbig %d\necho last", SOME);
	end_output(fd);
	expect(fd, "ok");
	expect(fd, "ok %d", SOME);
	expect_pattern(fd, SOME, 0);
	expect(fd, "ok last");
	expect_end(fd);
}
END_TEST

START_TEST(service_half_closes)
{
	struct server *s = server_new("type = \"every\";", "");
	int fd = client(s), other;
	char data[DRAINED] = "";
	int64_t end = now_ms() + PATIENCE;
	long drained;

	ask(fd, "shutdown", "ok");
	expect_end(fd);
	put(fd, data, sizeof(data));
	hang_up(fd);
	do {
		ck_assert_int_lt(now_ms(), end);
		other = client(s);
		say(other, "counts");
		drained = field(hear(other), "drained");
		hang_up(other);
	} while (drained < DRAINED);
	ck_assert_int_eq(drained, DRAINED);
	server_stop(s);
}
END_TEST

START_TEST(room_is_there)
{
	int fd = client(every());
	size_t room = 0;

	say(fd, "room");
	ck_assert_int_eq(sscanf(hear(fd), "ok %zu", &room), 1);
	ck_assert_uint_gt(room, 0);
}
END_TEST

START_TEST(client_that_leaves_harms_nobody)
{
	for (int i = 0; i < 3; i++) {
		int fd = client(every());

		say(fd, "big %d", 50 << 20);
		expect(fd, "ok %d", 50 << 20);
		hang_up(fd);
	}
	ask(client(every()), "echo x", "ok x");
}
END_TEST

void add_output(Suite *s)
{
	TCase *t = part(s, "output");

	tcase_add_test(t, slow_reader_gets_every_byte);
	tcase_add_test(t, pieces_of_any_size_make_the_reply);
	tcase_add_test(t, file_is_sent_in_its_place);
	tcase_add_test(t, short_file_ends_the_connection);
	tcase_add_test(t, flush_sends_at_once);
	tcase_add_test(t, waiting_sends_first);
	tcase_add_test(t, reply_comes_after_half_close);
	tcase_add_test(t, service_half_closes);
	tcase_add_test(t, room_is_there);
	tcase_add_test(t, client_that_leaves_harms_nobody);
}
