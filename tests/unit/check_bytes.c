/* SPDX-License-Identifier: MIT */
/* How a request and its reply are described. */
#include "compare/load/bytes.h"

#include "unit_suite.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct bytes b;
static char why[256];

static void read_both(const char *send, const char *reply)
{
	ck_assert_msg(bytes_read(&b, send, reply, why, sizeof(why)) == 0, "%s", why);
}

START_TEST(test_request)
{
	read_both("a\\r\\n\\x00\\xFf\"b\"\n", "line");
	ck_assert_uint_eq(b.request.size, 9);
	ck_assert_mem_eq(b.request.bytes, "a\r\n\0\xff\"b\"\n", 9);
	/* It is there often enough for a pipeline, as a whole each time. */
	ck_assert_uint_gt(b.request.room, 4096);
	ck_assert_uint_eq(b.request.room % 9, 0);
	ck_assert_mem_eq(b.request.bytes + b.request.room - 9, b.request.bytes, 9);
}
END_TEST

START_TEST(test_no_request)
{
	read_both(NULL, "line");
	ck_assert_uint_eq(b.request.size, 0);
	bytes_free(&b);
	read_both("", "line");
	ck_assert_uint_eq(b.request.size, 0);
}
END_TEST

START_TEST(test_exact)
{
	read_both("x", "exact:a: b\\n");
	ck_assert_int_eq(b.kind, BYTES_REPEATED);
	ck_assert_uint_eq(b.size, 5);
	ck_assert_mem_eq(b.text.bytes, "a: b\n", 5);
	ck_assert_str_eq(b.reply, "exact:a: b\\n");
}
END_TEST

START_TEST(test_count)
{
	read_both("x", "bytes:4000");
	ck_assert_int_eq(b.kind, BYTES_ANY);
	ck_assert_uint_eq(b.size, 4000);
	bytes_free(&b);
	read_both("x", "bytes:100000:abc");
	ck_assert_int_eq(b.kind, BYTES_REPEATED);
	ck_assert_uint_eq(b.size, 100000);
	ck_assert_uint_eq(b.text.size, 3);
}
END_TEST

START_TEST(test_prefix)
{
	read_both("x", "prefix:2");
	ck_assert_int_eq(b.kind, BYTES_PREFIXED);
	ck_assert_uint_eq(b.size, 2);
}
END_TEST

START_TEST(test_line)
{
	read_both("x", "line");
	ck_assert_int_eq(b.kind, BYTES_LINE);
	ck_assert_uint_eq(b.pattern.count, 0);
	bytes_free(&b);
	read_both("x", "line:200 {_} *");
	ck_assert_int_eq(b.kind, BYTES_LINE);
	ck_assert_uint_gt(b.pattern.count, 0);
}
END_TEST

START_TEST(test_wrong)
{
	static const struct {
		const char *send, *reply, *why;
	} wrong[] = {
		{ "x", "", "reply: got '', want exact:TEXT" },
		{ "x", "lines", "reply: got 'lines', want exact:TEXT" },
		{ "x", "exact", "reply: text: got nothing" },
		{ "x", "exact:", "reply: text: got nothing" },
		{ "x", "exact:$id", "reply: got '$id', want nothing with values" },
		{ "x", "bytes:", "reply: got '', want a number of bytes" },
		{ "x", "bytes:0", "reply: got '0', want a number of bytes" },
		{ "x", "bytes:-1", "reply: got '-1', want a number of bytes" },
		{ "x", "bytes:12x", "reply: got '12x', want a number of bytes" },
		{ "x", "bytes:99999999999999999999", "want a number of bytes" },
		{ "x", "bytes:9:", "reply: text: got nothing" },
		{ "x", "prefix:3", "reply: got '3', want a length of 1, 2 or 4" },
		{ "x", "prefix", "reply: got '', want a length of 1, 2 or 4" },
		{ "x", "line:{name}", "reply: got '{name}', want nothing with values" },
		{ "x", "line:* x", "reply: after *: got ' ', want the end" },
		{ "$n", "line", "send: got '$n', want nothing with values" },
		{ "\\q", "line", "send: escape: got '\\q\"', want \\r" },
		{ "\\xg0", "line", "send: escape: got '\\xg0\"', want \\x and two" },
		{ "\\x0", "line", "send: escape: got '\\x0\"', want \\x and two" },
		{ "\\", "line", "send: text: got the end" },
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		ck_assert_int_eq(bytes_read(&b, wrong[i].send, wrong[i].reply, why, sizeof(why)),
				 -EINVAL);
		ck_assert_msg(strstr(why, wrong[i].why) != NULL, "'%s' is not in '%s'",
			      wrong[i].why, why);
		bytes_free(&b);
	}
}
END_TEST

static void tear_down(void)
{
	bytes_free(&b);
}

int main(void)
{
	const TTest *const tests[] = {
		test_request, test_no_request, test_exact, test_count,
		test_prefix,  test_line,       test_wrong,
	};

	return SUITE_RUN("bytes", tests, NULL, tear_down);
}
