/* SPDX-License-Identifier: MIT */
#include "handlers/http/forms/form.h"
#include "tests/unit/unit_suite.h"

#include <stdio.h>
#include <string.h>

/* "name=value" of each pair with a blank behind it, then "." or "!" for what is malformed. */
static const char *pairs(const char *text)
{
	static char out[512];
	char *copy = strdup(text), *at = copy, *name, *value;
	int rc;

	ck_assert_ptr_nonnull(copy);
	*out = '\0';
	while ((rc = http_pair_next(&at, &name, &value)) == 1) {
		size_t n = strlen(out);

		snprintf(out + n, sizeof(out) - n, "<%s=%s> ", name, value);
	}
	strcat(out, rc ? "!" : ".");
	free(copy);
	return out;
}

START_TEST(test_pairs_come_in_their_order)
{
	ck_assert_str_eq(pairs("a=b"), "<a=b> .");
	ck_assert_str_eq(pairs("b=2&a=1&b=3"), "<b=2> <a=1> <b=3> .");
	ck_assert_str_eq(pairs("a=b=c"), "<a=b=c> .");
}
END_TEST

START_TEST(test_a_pair_may_lack_a_side)
{
	ck_assert_str_eq(pairs("a"), "<a=> .");
	ck_assert_str_eq(pairs("a="), "<a=> .");
	ck_assert_str_eq(pairs("a&b=1"), "<a=> <b=1> .");
	ck_assert_str_eq(pairs("="), "<=> .");
	ck_assert_str_eq(pairs("=v"), "<=v> .");
}
END_TEST

START_TEST(test_empty_pairs_are_none)
{
	ck_assert_str_eq(pairs(""), ".");
	ck_assert_str_eq(pairs("&"), ".");
	ck_assert_str_eq(pairs("&&a=1&&&b=2&"), "<a=1> <b=2> .");
}
END_TEST

START_TEST(test_both_sides_are_decoded)
{
	ck_assert_str_eq(pairs("a+b=c+d"), "<a b=c d> .");
	ck_assert_str_eq(pairs("%61%3d=%26%2B%25"), "<a==&+%> .");
	ck_assert_str_eq(pairs("%C3%A4=%e2%82%ac"), "<\xc3\xa4=\xe2\x82\xac> .");
	ck_assert_str_eq(pairs("%2500=%2525"), "<%00=%25> .");
}
END_TEST

START_TEST(test_malformed_escapes_are_refused)
{
	static const char *const bad[] = { "%",     "a=%",     "a=%4",   "%=1",  "%4=1",  "a=%zz",
					   "a=%4z", "a=%&b=1", "a=%%41", "%4&1", "a=%+41" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ck_assert_str_eq(pairs(bad[i]), "!");
	ck_assert_str_eq(pairs("a=1&b=%x"), "<a=1> !");
}
END_TEST

START_TEST(test_nul_is_refused)
{
	ck_assert_str_eq(pairs("a%00b=1"), "!");
	ck_assert_str_eq(pairs("a=%00"), "!");
}
END_TEST

START_TEST(test_what_is_behind_a_refused_pair_can_be_read)
{
	char text[] = "a=%zz&b=2", *at = text, *name, *value;

	ck_assert_int_eq(http_pair_next(&at, &name, &value), -1);
	ck_assert_int_eq(http_pair_next(&at, &name, &value), 1);
	ck_assert_str_eq(name, "b");
	ck_assert_str_eq(value, "2");
	ck_assert_int_eq(http_pair_next(&at, &name, &value), 0);
	ck_assert_int_eq(http_pair_next(&at, &name, &value), 0);
}
END_TEST

START_TEST(test_earlier_pairs_stay)
{
	char text[] = "a=%41&b&c=%43", *at = text, *name[3], *value[3];

	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(http_pair_next(&at, &name[i], &value[i]), 1);
	ck_assert_str_eq(name[0], "a");
	ck_assert_str_eq(value[0], "A");
	ck_assert_str_eq(name[1], "b");
	ck_assert_str_eq(value[1], "");
	ck_assert_str_eq(name[2], "c");
	ck_assert_str_eq(value[2], "C");
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_pairs_come_in_their_order,
		test_a_pair_may_lack_a_side,
		test_empty_pairs_are_none,
		test_both_sides_are_decoded,
		test_malformed_escapes_are_refused,
		test_nul_is_refused,
		test_what_is_behind_a_refused_pair_can_be_read,
		test_earlier_pairs_stay,
	};

	return SUITE_RUN("pair", tests, NULL, NULL);
}
