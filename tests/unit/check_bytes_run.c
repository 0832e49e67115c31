/* SPDX-License-Identifier: MIT */
/* Described replies from servers that give them, and from some that do not. */
#include "compare/load/bytes.h"

#include "exchange_fixture.h"

#include <errno.h>

static struct bytes b;

/* The server answers each line with said, the reply has to be as described. */
static void run(void (*behave)(int fd), const char *text, size_t size, const char *reply)
{
	say_what(text, size, 1);
	peer_start(peer_inet(SOCK_STREAM, AF_INET), behave, 0);
	ck_assert_msg(bytes_read(&b, behave == speak_unasked ? NULL : "hello\\n", reply, why,
				 sizeof(why)) == 0,
		      "%s", why);
	o.bytes = &b;
	exchange_load();
	bytes_free(&b);
}

static void only_wrong(const char *said_wrong)
{
	only(LOAD_WRONG, said_wrong);
	ck_assert_uint_eq(r.requests, 0);
}

/* Replies of each kind that are right, from servers that write them at once and byte by byte. */
static const struct {
	const char *text;
	size_t size;
	const char *reply;
} right[] = {
	{ "hi\n", 3, "exact:hi\\n" },    { "abcabca", 7, "bytes:7" },
	{ "abcabca", 7, "bytes:7:abc" }, { "\0\0\0\3abc", 7, "prefix:4" },
	{ "\0", 1, "prefix:1" },         { "\0\1x", 3, "prefix:2" },
	{ "anything\n", 9, "line" },     { "200 a b\r\n", 9, "line:200 {_} b" },
	{ "\n", 1, "line:*" },
};
enum { RIGHT = sizeof(right) / sizeof(*right) };

START_TEST(test_right_keep)
{
	run(answer_each, right[_i].text, right[_i].size, right[_i].reply);
	all_well();
}
END_TEST

START_TEST(test_right_in_pieces)
{
	o.connections = 2;
	o.pipeline = 3;
	run(answer_byte_by_byte, right[_i].text, right[_i].size, right[_i].reply);
	all_well();
}
END_TEST

START_TEST(test_right_each_way)
{
	exchange_choose(_i);
	run(answer_each, "200 a b\r\n", 9, "line:200 {_} b");
	exchange_chosen_well();
}
END_TEST

START_TEST(test_right_close)
{
	o.mode = LOAD_CLOSE;
	run(answer_each, "hi\n", 3, "line");
	all_well();
}
END_TEST

START_TEST(test_right_pipeline)
{
	o.pipeline = 300;
	run(answer_each, "hi\n", 3, "exact:hi\\n");
	all_well();
}
END_TEST

/* A text longer than what is compared at once. */
START_TEST(test_right_repeated_far)
{
	static char text[8190];

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = "abc"[i % 3];
	o.pipeline = 2;
	run(answer_each, text, sizeof(text), "bytes:8190:abc");
	all_well();
}
END_TEST

/* As of daytime: a reply for each connection, and none is asked for. */
START_TEST(test_right_unasked)
{
	o.mode = LOAD_CLOSE;
	run(speak_unasked, "it is noon\r\n", 12, "line:it is *");
	all_well();
}
END_TEST

START_TEST(test_right_unasked_at_a_rate)
{
	o.mode = LOAD_CLOSE;
	o.rate = 300;
	o.threads = 2;
	run(speak_unasked, "it is noon\r\n", 12, "line");
	all_well();
}
END_TEST

START_TEST(test_wrong_byte)
{
	run(answer_each, "abcabXa", 7, "bytes:7:abc");
	only_wrong("byte 6 of a reply: got \\x58, want \\x63");
}
END_TEST

START_TEST(test_wrong_line)
{
	run(answer_each, "500 no\r\n", 8, "line:200 *");
	only_wrong("a line: got '500 no', want line:200 *");
}
END_TEST

START_TEST(test_wrong_in_an_open_loop)
{
	o.rate = 300;
	o.threads = 2;
	run(answer_each, "500 no\r\n", 8, "line:200 *");
	only_wrong("a line: got '500 no', want line:200 *");
}
END_TEST

START_TEST(test_too_long_a_line)
{
	static char text[SCRIPT_LINE + 2];

	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\n';
	run(answer_each, text, sizeof(text), "line:*");
	only_wrong("a line: got more than 4096 bytes, want line:*");
}
END_TEST

START_TEST(test_more_than_asked_for)
{
	run(answer_each, "hi\nho\n", 6, "line");
	ck_assert_uint_gt(r.errors.count[LOAD_WRONG], 0);
	ck_assert_str_eq(r.wrong, "3 bytes that were not asked for");
}
END_TEST

START_TEST(test_misfits)
{
	o.target = "tcp://127.0.0.1:1";
	o.bytes = &b;
	ck_assert_int_eq(bytes_read(&b, NULL, "line", why, sizeof(why)), 0);
	ck_assert_int_eq(load_run(&o, &r, why, sizeof(why)), -EINVAL);
	ck_assert_ptr_nonnull(strstr(why, "mode close"));
	o.target = "udp://127.0.0.1:1";
	ck_assert_int_eq(load_run(&o, &r, why, sizeof(why)), -EINVAL);
	ck_assert_ptr_nonnull(strstr(why, "stream"));
	bytes_free(&b);
}
END_TEST

int main(void)
{
	const struct exchange_test tests[] = {
		{ test_right_keep, RIGHT },
		{ test_right_in_pieces, RIGHT },
		{ test_right_each_way, EXCHANGE_WAYS },
		{ test_right_close },
		{ test_right_pipeline },
		{ test_right_repeated_far },
		{ test_right_unasked },
		{ test_right_unasked_at_a_rate },
		{ test_wrong_byte },
		{ test_wrong_line },
		{ test_wrong_in_an_open_loop },
		{ test_too_long_a_line },
		{ test_more_than_asked_for },
		{ test_misfits },
	};

	return EXCHANGE_SUITE("bytes_run", tests);
}
