/* SPDX-License-Identifier: MIT */
/* What libconfig would change without a word, and what it does not understand. */
#include "config_fixture.h"
#include "unit_suite.h"

static const struct {
	const char *text, *said;
} wrong[] = {
	/* numbers that libconfig changes */
	{ "must = \"\"; count = 2147483648;", "f:1: count: got 2147483648, want an L at its end: "
					      "whole numbers beyond 32 bits need it\n" },
	{ "must = \"\"; count = -2147483649;", "f:1: count: got -2147483649, want an L at its end: "
					       "whole numbers beyond 32 bits need it\n" },
	{ "must = \"\"; count = 0xFFFFFFFF;", "f:1: count: got 0xFFFFFFFF, want an L at its end: "
					      "whole numbers beyond 32 bits need it\n" },
	{ "must = \"\"; big = 9223372036854775808L;",
	  "f:1: big: got 9223372036854775808L, want a whole number that fits in 64 bits\n" },
	{ "must = \"\"; big = 0xFFFFFFFFFFFFFFFFLL;",
	  "f:1: big: got 0xFFFFFFFFFFFFFFFFLL, want a whole number that fits in 64 bits\n" },
	{ "must = \"\"; count = 0600;",
	  "f:1: count: got 0600, want 600: a leading zero is not octal here\n" },
	{ "must = \"\"; count = -007L;",
	  "f:1: count: got -007L, want -7L: a leading zero is not octal here\n" },
	{ "must = \"\"; count = 00;",
	  "f:1: count: got 00, want 0: a leading zero is not octal here\n" },
	{ "must = \"\"; names = [\n\n010 ];",
	  "f:3: names: got 010, want 10: a leading zero is not octal here\n" },
	/* numbers that are none */
	{ "room = 64K;", "f:1: room: got 64K, want a number, or a text in quotes: \"64K\"\n" },
	{ "text = 10.0.0.1;",
	  "f:1: text: got 10.0.0.1, want a number, or a text in quotes: \"10.0.0.1\"\n" },
	{ "pause = .;", "f:1: pause: got ., want a number, or a text in quotes: \".\"\n" },
	{ "pause = -.e5;", "f:1: pause: got -.e5, want a number, or a text in quotes: \"-.e5\"\n" },
	{ "pause = 1.5L;", "f:1: pause: got 1.5L, want a number, or a text in quotes: \"1.5L\"\n" },
	{ "pause = 1e;", "f:1: pause: got 1e, want a number, or a text in quotes: \"1e\"\n" },
	{ "count = 5LLL;", "f:1: count: got 5LLL, want a number, or a text in quotes: \"5LLL\"\n" },
	{ "count = 0x-5 = 1;", "f:1: count: got 0x, want a number, or a text in quotes: \"0x\"\n" },
	{ "count = 0xG;", "f:1: count: got 0xG, want a number, or a text in quotes: \"0xG\"\n" },
	{ "count = -0x5;", "f:1: count: got -0x5, want a number, or a text in quotes: \"-0x5\"\n" },
	{ "count = -;", "f:1: count: got -, want a number, or a text in quotes: \"-\"\n" },
	/* texts */
	{ "must = \"a\\x00b\";", "f:1: must: got a text with \\x00, want none in it\n" },
	{ "must = \"a;\nb = \"c\";",
	  "f:1: must: got a text that does not end on its line, want a closing \"\n" },
	{ "must = \"a",
	  "f:1: must: got a text that does not end on its line, want a closing \"\n" },
	{ "must = \"a\\\"",
	  "f:1: must: got a text that does not end on its line, want a closing \"\n" },
	{ "must = \"a\\",
	  "f:1: must: got a text that does not end on its line, want a closing \"\n" },
	{ "\"a", "f:1: got a text that does not end on its line, want a closing \"\n" },
	/* comments and other files */
	{ "must = \"\"; /* on\n = false;", "f:1: got a comment without an end, want */\n" },
	{ "/* * /", "f:1: got a comment without an end, want */\n" },
	{ "/*/", "f:1: got a comment without an end, want */\n" },
	{ "must = \"\";\n@include \"/etc/hostname\"\n",
	  "f:2: got @include, want the whole config in one file\n" },
	{ "a = 0x5;\n  @include \"/etc/hostname\"",
	  "f:2: got @include, want the whole config in one file\n" },
	{ "must = \xe2\x80\x9cx\xe2\x80\x9d;",
	  "f:1: must: got the byte 0xe2 outside of a text, want plain ASCII there\n"
	  "f:1: must: got the byte 0xe2 outside of a text, want plain ASCII there\n" },
	{ "\xef\xbb\xbfmust = \"\";",
	  "f:1: got the byte 0xef outside of a text, want plain ASCII there\n" },
	/* what libconfig finds, and only the first of it */
	{ "must = \"\";\n  on =;\n", "f:2: syntax error, in or before \"on =;\"\n" },
	{ "must = \"\"\n\n\n  on  # x\r\n", "f:4: syntax error, at the end, after \"on  # x\"\n" },
	{ "must = \"\";\nmust = \"\";",
	  "f:2: duplicate setting name, in or before \"must = \"\";\"\n" },
	{ "names = [ \"a\", 1 ];",
	  "f:1: mismatched element type in array, in or before \"names = [ \"a\", 1 ];\"\n" },
	{ "must = 'x';", "f:1: syntax error, in or before \"must = 'x';\"\n" },
	{ "{", "f:1: syntax error, in or before \"{\"\n" },
};

START_TEST(refuses)
{
	struct config_memory *m;
	struct said said = { 0 };
	struct kit k;

	ck_assert_int_eq(config_read_settings("f", wrong[_i].text, kit_rows, &k, NULL, NULL, &m,
					      said_report, &said),
			 -EINVAL);
	ck_assert_str_eq(said.text, wrong[_i].said);
}
END_TEST

static const char *const right[] = {
	"must = \"\"; count = 0;",
	"must = \"\"; count = -0;",
	"must = \"\"; count = +5;",
	"must = \"\"; count = 5L; big = 5LL;",
	"must = \"\"; count = 0x1f; big = 0x7FFFFFFFFFFFFFFFL;",
	"must = \"\"; big = 2147483647;",
	"must = \"\"; pause = 0.5; inner = { depth = 3 }",
	"must = \"\"; pause = 00.5;",
	"must = \"\"; pause = 5.0E-1;",
	"must = \"0600 5000000000 @include \\\"x\\\" /* // #\";",
	"# 0600 64K \"\nmust = \"\"; // 5000000000 \"\n/* 0600\n@include \"x\"\n*/",
	"must = \"\" # no line's end",
	"must = \"\" // no line's end",
	"must : \"\", on : true; inner : { depth : 3 }",
	"must = \"a\" /* x */ \"b\" # y\n \"c\"; names = (\"a\" \"b\", \"c\");\r\n",
	"must = \"\xc3\xa4\"; # \xc3\xa4\n",
	"must = \"\\\\\"; text = \"\\\"\"; names = [\"\\\\\\\"\"];",
	"on=TRUE must=\"\"",
	"must = \"a\\x01\";",
};

START_TEST(accepts)
{
	struct config_memory *m;
	struct said said = { 0 };
	struct kit k;

	config_read_settings("f", right[_i], kit_rows, &k, NULL, NULL, &m, said_report, &said);
	ck_assert_str_eq(said.text, "");
	config_free_memory(m);
}
END_TEST

/* libconfig gives an item the line of what follows it. */
START_TEST(names_the_line_of_each_item)
{
	struct config_memory *m;
	struct said said = { 0 };
	struct kit k;
	const char *text = "must = \"\"; items = (\n"
			   "{ path = \"a\" \"b\"; },\n"
			   "\"c\"\n"
			   "/* */\n"
			   ");\n"
			   "names = (\n"
			   "5,\n"
			   "\"d\"\n"
			   "\"e\"\n"
			   ", true\n"
			   ");";

	config_read_settings("f", text, kit_rows, &k, NULL, NULL, &m, said_report, &said);
	ck_assert_str_eq(said.text, "f:3: items: got \"c\", want a group { ... }\n"
				    "f:7: names: got 5, want a text in quotes\n"
				    "f:10: names: got true, want a text in quotes\n");
}
END_TEST

START_TEST(survives_a_very_long_number)
{
	struct config_memory *m;
	struct said said = { 0 };
	struct kit k;
	char text[4096] = "must = \"\"; count = ";
	size_t at = strlen(text);

	memset(text + at, '0', sizeof(text) - at - 3);
	strcpy(text + sizeof(text) - 4, "7;");
	config_read_settings("f", text, kit_rows, &k, NULL, NULL, &m, said_report, &said);
	ck_assert_str_eq(
		said.text,
		"f:1: count: got 000000000000000000000000000000000000000000000000000000000000"
		"00000000000000000000, want 7: a leading zero is not octal here\n");
}
END_TEST

START_TEST(survives_deep_nesting)
{
	struct config_memory *m;
	struct said said = { 0 };
	struct kit k;
	char *text = malloc(CONFIG_FILE_MAX + 1);

	memset(text, '(', CONFIG_FILE_MAX);
	memcpy(text, "a = ", 4);
	text[CONFIG_FILE_MAX] = '\0';
	ck_assert_int_eq(
		config_read_settings("f", text, kit_rows, &k, NULL, NULL, &m, said_report, &said),
		-EINVAL);
	ck_assert_uint_eq(said.count, 1);
	free(text);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		names_the_line_of_each_item,
		survives_a_very_long_number,
		survives_deep_nesting,
	};
	TCase *cases = SUITE_CASE("config_lint", tests, NULL, NULL);

	tcase_add_loop_test(cases, refuses, 0, sizeof(wrong) / sizeof(*wrong));
	tcase_add_loop_test(cases, accepts, 0, sizeof(right) / sizeof(*right));
	return suite_run("config_lint", cases);
}
