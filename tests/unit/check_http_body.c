/* SPDX-License-Identifier: MIT */
/* What bodies are the same. */
#include "compare/load/http_body.h"

#include "unit_suite.h"

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
	const TTest *const tests[] = {
		test_learnt_by_several, test_other, test_longer, test_shorter, test_empty,
	};

	return SUITE_RUN("http_body", tests, NULL, tear_down);
}
