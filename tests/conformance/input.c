/* SPDX-License-Identifier: MIT */
/* How input reaches a handler, whatever its pieces. */
#include "tests/conformance/harness.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PIPELINE = 1000, READ_BIG = 2 << 20, LONG = 200 << 10 };

static struct server *every(void)
{
	return server_shared("type = \"every\";", "");
}

/* One send for each byte. */
static void put_bytewise(int fd, const char *text)
{
	if (subject.family != AF_UNIX)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int) { 1 }, sizeof(int));
	for (; *text; text++) {
		put(fd, text, 1);
		pause_ms(1);
	}
}

START_TEST(command_comes_byte_by_byte)
{
	int fd = client(every());

	put_bytewise(fd, "echo slow\necho again\n");
	expect(fd, "ok slow");
	expect(fd, "ok again");
}
END_TEST

START_TEST(half_command_parks)
{
	int half = client(every()), other;

	put(half, "echo ha", 7);
	for (int i = 0; i < 10; i++) {
		other = client(every());
		ask(other, "echo whole", "ok whole");
	}
	expect_silence(half, 0);
	put(half, "lf\n", 3);
	expect(half, "ok half");
}
END_TEST

START_TEST(pipeline_is_answered_in_order)
{
	int fd = client(every());
	char all[PIPELINE * 16];
	size_t n = 0;

	for (int i = 0; i < PIPELINE; i++)
		n += (size_t)sprintf(all + n, "echo %d\n", i);
	put(fd, all, n);
	put(fd, "echo la", 7);
	for (int i = 0; i < PIPELINE; i++)
		expect(fd, "ok %d", i);
	put(fd, "st\n", 3);
	expect(fd, "ok last");
}
END_TEST

/* Output is gathered until the connection parks. */
START_TEST(sixteen_replies_come_in_one_send)
{
	int fd = client(every());
	char all[16 * 8], want[16 * 6], got[256];
	struct pollfd p = { fd, POLLIN, 0 };
	size_t n = 0, wanted = 0;

	for (int i = 0; i < 16; i++) {
		n += (size_t)sprintf(all + n, "echo %c\n", 'a' + i);
		wanted += (size_t)sprintf(want + wanted, "ok %c\n", 'a' + i);
	}
	put(fd, all, n);
	ck_assert_int_eq(poll(&p, 1, PATIENCE), 1);
	ck_assert_int_eq(recv(fd, got, sizeof(got), 0), (int)wanted);
	ck_assert_mem_eq(got, want, wanted);
}
END_TEST

START_TEST(readn_takes_exactly)
{
	int fd = client(every());

	put(fd, "readn 10\nabc", 12);
	expect_silence(fd, 20);
	put(fd, "defghijecho x\n", 14);
	expect(fd, "ok 10");
	expect_bytes(fd, "abcdefghij", 10);
	expect(fd, "ok x");
	ask(fd, "readn 0", "ok 0");
	put(fd, "readn 3\n", 8);
	put_bytewise(fd, "xyz");
	expect(fd, "ok 3");
	expect_bytes(fd, "xyz", 3);
}
END_TEST

START_TEST(readn_takes_much)
{
	int fd = client(every());
	char *data = malloc(READ_BIG);

	for (size_t i = 0; i < READ_BIG; i++)
		data[i] = (char)('a' + i % 26);
	say(fd, "readn %d", READ_BIG);
	put(fd, data, READ_BIG);
	free(data);
	expect(fd, "ok %d", READ_BIG);
	expect_pattern(fd, READ_BIG, 0);
	ask(fd, "echo x", "ok x");
}
END_TEST

START_TEST(readn_tells_the_end)
{
	int none = client(every()), some;

	say(none, "readn 5");
	end_output(none);
	expect(none, "ok 0");
	expect_end(none);
	hang_up(none);
	some = client(every());
	put(some, "readn 5\nab", 10);
	end_output(some);
	expect(some, "err -EBADMSG");
	expect_end(some);
}
END_TEST

START_TEST(read_takes_what_is_there)
{
	int fd = client(every());

	put(fd, "read 1\nx", 8);
	expect(fd, "ok 1");
	expect_bytes(fd, "x", 1);
	say(fd, "read 100");
	expect_silence(fd, 20);
	put(fd, "y", 1);
	expect(fd, "ok 1");
	expect_bytes(fd, "y", 1);
	say(fd, "read 100");
	end_output(fd);
	expect(fd, "ok 0");
	expect_end(fd);
}
END_TEST

START_TEST(peek_waits_for_as_much_as_it_wants)
{
	int fd = client(every());
	static char data[65536];

	put(fd, "peek 5\nab", 9);
	expect_silence(fd, 20);
	put(fd, "cdeecho x\n", 10);
	expect(fd, "ok 5");
	expect_bytes(fd, "abcde", 5);
	expect(fd, "ok x");
	memset(data, 'z', sizeof(data));
	say(fd, "peek 65536");
	put(fd, data, sizeof(data));
	expect(fd, "ok 65536");
	expect_bytes(fd, data, sizeof(data));
	put(fd, "peek 100\nabc", 12);
	end_output(fd);
	expect(fd, "ok 3");
	expect_bytes(fd, "abc", 3);
	expect_end(fd);
}
END_TEST

START_TEST(lines_lose_their_ends)
{
	int fd = client(every());

	say(fd, "lines 4\nLF\nCR LF\r\n\ncr\rwithin");
	expect(fd, "line 2 LF");
	expect(fd, "line 5 CR LF");
	expect(fd, "line 0 ");
	expect(fd, "line 9 cr\rwithin");
	expect(fd, "ok 4");
	put(fd, "lines 2\n", 8);
	put_bytewise(fd, "ab\r\ncd\n");
	expect(fd, "line 2 ab");
	expect(fd, "line 2 cd");
	expect(fd, "ok 2");
}
END_TEST

START_TEST(lines_tell_the_end)
{
	int whole = client(every()), cut;

	say(whole, "lines 5\none");
	end_output(whole);
	expect(whole, "line 3 one");
	expect(whole, "end 1");
	expect_end(whole);
	hang_up(whole);
	cut = client(every());
	put(cut, "lines 5\none\ntw", 14);
	end_output(cut);
	expect(cut, "line 3 one");
	expect(cut, "err -EBADMSG");
	expect_end(cut);
}
END_TEST

START_TEST(line_has_a_greatest_length)
{
	char line[80];
	int fd = client(every());

	memset(line, 'x', sizeof(line));
	say(fd, "longline\n%.64s", line);
	expect(fd, "ok 64");
	say(fd, "longline\n%.65s", line);
	expect(fd, "err -EMSGSIZE");
	expect_gone(fd);
}
END_TEST

/* Closing with input unread would make TCP throw the reply away. */
START_TEST(reply_outlives_what_is_not_read)
{
	int fd = client(every());
	char *line = malloc(LONG);

	memset(line, 'x', LONG);
	say(fd, "longline");
	client_send(fd, line, LONG);
	free(line);
	expect(fd, "err -EMSGSIZE");
	expect_gone(fd);
}
END_TEST

START_TEST(full_buffer_of_nothing_closes)
{
	int fd = client(every());
	char data[4096];
	int left = 1024;

	memset(data, 'x', sizeof(data));
	while (left > 0 && client_send(fd, data, sizeof(data)) == 0)
		left--;
	expect_gone(fd);
	ask(client(every()), "echo x", "ok x");
}
END_TEST

START_TEST(end_within_a_request_closes)
{
	int fd = client(every());

	put(fd, "echo one\necho tw", 16);
	end_output(fd);
	expect(fd, "ok one");
	expect_end(fd);
}
END_TEST

START_TEST(end_between_requests_closes)
{
	int fd = client(every());

	ask(fd, "echo one", "ok one");
	end_output(fd);
	expect_end(fd);
}
END_TEST

void add_input(Suite *s)
{
	TCase *t = part(s, "input");

	tcase_add_test(t, command_comes_byte_by_byte);
	needs(t, MODUS_CONCURRENT, half_command_parks);
	tcase_add_test(t, pipeline_is_answered_in_order);
	tcase_add_test(t, sixteen_replies_come_in_one_send);
	tcase_add_test(t, readn_takes_exactly);
	tcase_add_test(t, readn_takes_much);
	tcase_add_test(t, readn_tells_the_end);
	tcase_add_test(t, read_takes_what_is_there);
	tcase_add_test(t, peek_waits_for_as_much_as_it_wants);
	tcase_add_test(t, lines_lose_their_ends);
	tcase_add_test(t, lines_tell_the_end);
	tcase_add_test(t, line_has_a_greatest_length);
	needs(t, MODUS_CONCURRENT, reply_outlives_what_is_not_read);
	tcase_add_test(t, full_buffer_of_nothing_closes);
	tcase_add_test(t, end_within_a_request_closes);
	tcase_add_test(t, end_between_requests_closes);
}
