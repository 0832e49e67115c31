/* SPDX-License-Identifier: MIT */
#include "form_kit.h"

#define FORM "application/x-www-form-urlencoded"

static void expect_pairs(const char *body, const char *want)
{
	expect_form(FORM, body, want);
}

START_TEST(test_pairs_come_in_their_order)
{
	expect_pairs("", ".");
	expect_pairs("a=b", "[a|-|text/plain|b].");
	expect_pairs("b=2&a=1&b=3", "[b|-|text/plain|2][a|-|text/plain|1][b|-|text/plain|3].");
	expect_pairs("a=b=c", "[a|-|text/plain|b=c].");
}
END_TEST

START_TEST(test_a_pair_may_lack_a_side)
{
	expect_pairs("a", "[a|-|text/plain|].");
	expect_pairs("a&b=", "[a|-|text/plain|][b|-|text/plain|].");
	expect_pairs("=", "[|-|text/plain|].");
	expect_pairs("=v&&&w&", "[|-|text/plain|v][w|-|text/plain|].");
}
END_TEST

START_TEST(test_both_sides_are_decoded)
{
	expect_pairs("a+b=c+d", "[a b|-|text/plain|c d].");
	expect_pairs("%61%3d=%26%2B%25+", "[a=|-|text/plain|&+% ].");
	expect_pairs("%C3%A4=%e2%82%ac", "[\xc3\xa4|-|text/plain|\xe2\x82\xac].");
	expect_pairs("a=1\r\n\x80", "[a|-|text/plain|1\r\n\x80].");
}
END_TEST

START_TEST(test_malformed_escapes_are_refused)
{
	expect_pairs("%", "EBADMSG");
	expect_pairs("%4=1", "EBADMSG");
	expect_pairs("%=1", "EBADMSG");
	expect_pairs("%zz=1", "EBADMSG");
	expect_pairs("a=%", "[a|-|text/plain|EBADMSG");
	expect_pairs("a=12%4", "[a|-|text/plain|12EBADMSG");
	expect_pairs("a=12%4z34", "[a|-|text/plain|12EBADMSG");
	expect_pairs("a=%&b=1", "[a|-|text/plain|EBADMSG");
	expect_pairs("a=1&b%", "[a|-|text/plain|1]EBADMSG");
}
END_TEST

START_TEST(test_nul_is_refused_in_names_alone)
{
	char *got;

	expect_pairs("a%00b=1", "EBADMSG");
	expect_bytes(FORM, "a\0=1", 4, "EBADMSG");
	got = transcript_of(FORM, "a=x%00y", 7, (struct cuts) { 2, 0 });
	ck_assert_mem_eq(got, "[a|-|text/plain|x\0y].", sizeof("[a|-|text/plain|x\0y]."));
	free(got);
}
END_TEST

START_TEST(test_names_are_limited)
{
	char *fits = stretched("", 'n', URLENCODED_NAME, "%6e"),
	     *over = stretched("", 'n', URLENCODED_NAME, "");
	char *want = stretched("[", 'n', URLENCODED_NAME, "|-|text/plain|].");

	expect_pairs(over, want);
	expect_pairs(fits, "EMSGSIZE");
	fits[URLENCODED_NAME - 1] = '%';
	fits[URLENCODED_NAME] = '6';
	fits[URLENCODED_NAME + 1] = 'e';
	fits[URLENCODED_NAME + 2] = '\0';
	expect_pairs(fits, want);
	free(want);
	free(over);
	free(fits);
}
END_TEST

START_TEST(test_values_are_not_limited)
{
	char *body = stretched("a=", '+', 1 << 20, "&b");
	char *got = transcript_of(FORM, body, strlen(body), (struct cuts) { 5000, 3 });
	char *want = stretched("[a|-|text/plain|", ' ', 1 << 20, "][b|-|text/plain|].");

	ck_assert(strcmp(got, want) == 0);
	free(want);
	free(got);
	free(body);
}
END_TEST

static void expect_count(unsigned count, const char *end)
{
	struct transcript body = { 0 };
	char *got;
	size_t n;

	for (unsigned i = 0; i < count; i++)
		transcript_say(&body, "a=", "1&");
	got = transcript_of(FORM, body.text, body.len, (struct cuts) { 4096, 0 });
	n = strlen(got);
	ck_assert(n > strlen(end) && strcmp(got + n - strlen(end), end) == 0);
	free(got);
	free(body.text);
}

START_TEST(test_pairs_are_limited)
{
	expect_count(FORM_PARTS, "1].");
	expect_count(FORM_PARTS + 1, "1]EMSGSIZE");
}
END_TEST

START_TEST(test_parameters_and_case_of_the_type_do_not_matter)
{
	expect_form("Application/X-WWW-Form-Urlencoded; charset=UTF-8", "a=1",
		    "[a|-|text/plain|1].");
	expect_form(FORM "ed", "a=1", "EOPNOTSUPP");
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_pairs_come_in_their_order,
		test_a_pair_may_lack_a_side,
		test_both_sides_are_decoded,
		test_malformed_escapes_are_refused,
		test_nul_is_refused_in_names_alone,
		test_names_are_limited,
		test_values_are_not_limited,
		test_pairs_are_limited,
		test_parameters_and_case_of_the_type_do_not_matter,
	};

	return SUITE_RUN("urlencoded", tests, NULL, NULL);
}
