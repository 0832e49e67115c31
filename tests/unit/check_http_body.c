/* SPDX-License-Identifier: MIT */
/* What bodies are the same. */
#include "compare/load/http_body.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct http_body b;
static size_t same;

static enum http_body_verdict piece(size_t at, const char *text)
{
	return http_body_piece(&b, at, text, strlen(text), &same);
}

/* Two responses come in pieces at the same time; each byte is decided by who brings it first. */
START_TEST(test_learnt_by_several)
{
	ck_assert_int_eq(piece(0, "ab"), BODY_SAME);
	ck_assert_int_eq(piece(0, "abcd"), BODY_SAME);
	ck_assert_int_eq(piece(2, "cdef"), BODY_SAME);
	ck_assert(http_body_end(&b, 6));
	ck_assert_int_eq(piece(4, "ef"), BODY_SAME);
	ck_assert(http_body_end(&b, 6));
	ck_assert(!http_body_end(&b, 5));
}
END_TEST

START_TEST(test_other)
{
	ck_assert_int_eq(piece(0, "abcdef"), BODY_SAME);
	ck_assert_int_eq(piece(2, "cdXf"), BODY_OTHER);
	ck_assert_uint_eq(same, 2);
}
END_TEST

START_TEST(test_longer)
{
	ck_assert_int_eq(piece(0, "abc"), BODY_SAME);
	ck_assert(http_body_end(&b, 3));
	ck_assert_int_eq(piece(0, "abcd"), BODY_LONGER);
	ck_assert_uint_eq(same, 3);
	ck_assert_int_eq(piece(3, "d"), BODY_LONGER);
}
END_TEST

/* What another has brought is not the end of this one. */
START_TEST(test_shorter)
{
	ck_assert_int_eq(piece(0, "abc"), BODY_SAME);
	ck_assert(!http_body_end(&b, 2));
}
END_TEST

START_TEST(test_empty)
{
	ck_assert(http_body_end(&b, 0));
	ck_assert_int_eq(piece(0, "x"), BODY_LONGER);
}
END_TEST

static void tear_down(void)
{
	free(b.bytes);
	b = (struct http_body) { 0 };
}

int main(void)
{
	Suite *suite = suite_create("http_body");
	TCase *tests = tcase_create("http_body");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tests);
	tcase_add_checked_fixture(tests, NULL, tear_down);
	tcase_add_test(tests, test_learnt_by_several);
	tcase_add_test(tests, test_other);
	tcase_add_test(tests, test_longer);
	tcase_add_test(tests, test_shorter);
	tcase_add_test(tests, test_empty);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
