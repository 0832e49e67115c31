/* SPDX-License-Identifier: MIT */
#include "plugins/board/text.h"

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int check(const char *text)
{
	return text_check(text, strlen(text), false);
}

static void check_mended(const char *text, const char *want)
{
	size_t n = strlen(text);
	char *out = malloc(3 * n + 1);

	ck_assert_ptr_nonnull(out);
	ck_assert_uint_eq(text_mend(out, text, n), strlen(want));
	ck_assert_str_eq(out, want);
	ck_assert_int_eq(text_check(out, strcspn(out, "\n"), true), 0);
	free(out);
}

START_TEST(test_what_is_fit)
{
	static const char *const texts[] = {
		"",
		" ~",
		"gr\u00fc\u00dfe",
		"\u6f22\u5b57",
		"\U0001f600",
		"\u00a0",
		"\u200f\u200d",
		"\u2027\u202f\u2065\u206a",
		"\xf4\x8f\xbf\xbd",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		ck_assert_msg(!check(texts[i]), "text %zu: %d", i, check(texts[i]));
}
END_TEST

START_TEST(test_what_is_not_utf8)
{
	static const char *const texts[] = {
		"\x80",
		"\xff",
		"a\xc3",
		"\xc0\xaf",
		"\xe0\x80\xaf",
		"\xe2\x98",
		"\xed\xa0\x80",
		"\xf0\x82\x82\xac",
		"\xf4\x90\x80\x80",
		"\xf8\x88\x80\x80\x80",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		ck_assert_msg(check(texts[i]) == -EILSEQ, "text %zu: %d", i, check(texts[i]));
}
END_TEST

START_TEST(test_control_characters)
{
	for (int c = 0; c < 0xa0; c++) {
		char text[2] = { (char)c };
		size_t n = 1;
		bool control = c < 0x20 || c >= 0x7f;

		if (c >= 0x80) {
			text[0] = '\xc2';
			text[1] = (char)c;
			n = 2;
		}
		ck_assert_msg(text_check(text, n, false) == (control ? -EINVAL : 0), "U+%04X", c);
		ck_assert_int_eq(text_check(text, n, true), control && c != '\t' ? -EINVAL : 0);
	}
}
END_TEST

START_TEST(test_what_moves_lines_and_turns_writing)
{
	static const char *const texts[] = {
		"\u2028", "\u2029", "\u202a", "\u202b", "\u202c", "\u202d",
		"\u202e", "\u2066", "\u2067", "\u2068", "\u2069",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		ck_assert_msg(check(texts[i]) == -EINVAL, "text %zu: %d", i, check(texts[i]));
}
END_TEST

START_TEST(test_mended)
{
	check_mended("", "");
	check_mended("a\tb\nc", "a\tb\nc");
	check_mended("a\x1b[2Jb", "a\ufffd[2Jb");
	check_mended("\r\n", "\ufffd\n");
	check_mended("\xff\xfe", "\ufffd\ufffd");
	check_mended("a\xe2\x98", "a\ufffd");
	check_mended("\xe2\x98z\u2603", "\ufffdz\u2603");
	check_mended("\xf0\x9f\x98\xf0\x9f\x98\x80", "\ufffd\U0001f600");
	check_mended("\xc0\xaf", "\ufffd\ufffd");
	check_mended("\xe0\x80\xaf", "\ufffd\ufffd\ufffd");
	check_mended("\xed\xa0\x80", "\ufffd\ufffd\ufffd");
	check_mended("\xf4\x90\x80\x80", "\ufffd\ufffd\ufffd\ufffd");
	check_mended("\xe2\x98\xe2\x98", "\ufffd\ufffd");
	check_mended("\u202e\u2028\xc2\x85", "\ufffd\ufffd\ufffd");
}
END_TEST

START_TEST(test_mended_is_fit_whatever_it_was)
{
	char text[64], out[3 * sizeof(text) + 1];

	srandom(7);
	for (int round = 0; round < 20000; round++) {
		size_t n = (size_t)random() % sizeof(text), len;

		for (size_t i = 0; i < n; i++)
			text[i] = (char)(random() % 3 ? 0x80 + random() % 128 : random() % 128);
		for (size_t i = 0; i < n; i++)
			text[i] = text[i] == '\n' ? ' ' : text[i];
		len = text_mend(out, text, n);
		ck_assert_uint_le(len, 3 * n);
		ck_assert_int_eq(out[len], '\0');
		ck_assert_int_eq(text_check(out, len, true), 0);
		if (!text_check(text, n, true))
			ck_assert_mem_eq(out, text, n);
	}
}
END_TEST

START_TEST(test_names)
{
	static const char *const names[] = { "a", "Z", "a-_9", "abcdefghijklmnopqrstuvwx" };
	static const char *const others[] = {
		"", "9a", "_a", "-a", "a b", "a.b", "gr\u00fcn", "abcdefghijklmnopqrstuvwxy",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		ck_assert_msg(text_is_name(names[i]), "%s", names[i]);
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		ck_assert_msg(!text_is_name(others[i]), "%s", others[i]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("text");
	TCase *cases = tcase_create("text");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, cases);
	tcase_add_test(cases, test_what_is_fit);
	tcase_add_test(cases, test_what_is_not_utf8);
	tcase_add_test(cases, test_control_characters);
	tcase_add_test(cases, test_what_moves_lines_and_turns_writing);
	tcase_add_test(cases, test_mended);
	tcase_add_test(cases, test_mended_is_fit_whatever_it_was);
	tcase_add_test(cases, test_names);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
