/* SPDX-License-Identifier: MIT */
#include "handlers/http/values/list.h"

#include "values.h"

#include <stdio.h>

/* The parameters, as "name=value|", and at the end how it ended. */
static const char *parameters(const char *element)
{
	static char out[512];
	char *copy = exact(element);
	const char *at = copy, *end = copy + strlen(copy);
	struct http_parameter p;
	size_t used = 0;
	int rc;

	while ((rc = http_parameter_next(&at, end, &p)) == 1)
		used += (size_t)snprintf(out + used, sizeof(out) - used, "%.*s=%.*s|",
					 (int)p.name_len, p.name, (int)p.value_len, p.value);
	snprintf(out + used, sizeof(out) - used, "%d", rc);
	ck_assert(at == end);
	ck_assert_int_eq(http_parameter_next(&at, end, &p), 0);
	free(copy);
	return out;
}

START_TEST(parameters_are_taken_apart)
{
	static const char *const rows[][2] = {
		{ "", "0" },
		{ "text/html", "0" },
		{ "text/html;", "0" },
		{ "text/html ; ; ", "0" },
		{ "text/html;charset=utf-8", "charset=utf-8|0" },
		{ ";charset=utf-8", "charset=utf-8|0" },
		{ " ; charset=utf-8 ;a=b", "charset=utf-8|a=b|0" },
		{ "x;;a=b;;c=d;", "a=b|c=d|0" },
		{ "x\t;\ta=b\t", "a=b|0" },
		{ "x;a=\"\"", "a=\"\"|0" },
		{ "x;a=\"b;c=d\";e=f", "a=\"b;c=d\"|e=f|0" },
		{ "x;a=\"b\\\";c\" ; d=e", "a=\"b\\\";c\"|d=e|0" },
		{ "x;a=\"\\\\\";d=e", "a=\"\\\\\"|d=e|0" },
		{ "x;a=\"\xc3\xa4 \t\"", "a=\"\xc3\xa4 \t\"|0" },
		{ "form-data; name=\"f\"; filename=\"C:\\\\x.txt\"",
		  "name=\"f\"|filename=\"C:\\\\x.txt\"|0" },
		/* malformed */
		{ "x;a", "-1" },
		{ "x;a=", "-1" },
		{ "x;=b", "-1" },
		{ "x;a =b", "-1" },
		{ "x;a= b", "-1" },
		{ "x;a=b c", "-1" },
		{ "x;a=b=c", "-1" },
		{ "x;a=b,c", "-1" },
		{ "x;a=\"b", "-1" },
		{ "x;a=\"", "-1" },
		{ "x;a=\"b\\", "-1" },
		{ "x;a=\"b\\\"", "-1" },
		{ "x;a=\"b\"c", "-1" },
		{ "x;a=\"b\"\"c\"", "-1" },
		{ "x;a=\"b\nc\"", "-1" },
		{ "x;a=\"b\\\nc\"", "-1" },
		{ "x;a=\"b\x7f\"", "-1" },
		{ "x;a=/", "-1" },
		{ "x;a=b;c", "a=b|-1" },
		{ "x;a=b;@=c;d=e", "a=b|-1" },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		ck_assert_msg(!strcmp(parameters(rows[i][0]), rows[i][1]), "%s: %s", rows[i][0],
			      parameters(rows[i][0]));
}
END_TEST

START_TEST(nothing_behind_the_end_is_read)
{
	static const char text[] = "x;a=\"b\";c=d";
	const char *at = text;
	struct http_parameter p;

	for (size_t n = 0; n < 4; n++, at = text)
		ck_assert_int_eq(http_parameter_next(&at, text + n, &p), n < 3 ? 0 : -1);
	for (size_t n = 4; n < 7; n++, at = text)
		ck_assert_int_eq(http_parameter_next(&at, text + n, &p), -1);
	for (size_t n = 7; n < sizeof(text); n++, at = text)
		ck_assert_int_eq(http_parameter_next(&at, text + n, &p), 1);
}
END_TEST

START_TEST(values_are_unquoted)
{
	static const struct {
		const char *value, *out; /* NULL: refused */
	} rows[] = {
		{ "utf-8", "utf-8" },
		{ "\"utf-8\"", "utf-8" },
		{ "\"\"", "" },
		{ "\"a b\"", "a b" },
		{ "\"a\\\"b\"", "a\"b" },
		{ "\"a\\\\\"", "a\\" },
		{ "\"\\a\\b\"", "ab" },
		{ "\"\xc3\xa4\t\"", "\xc3\xa4\t" },
		{ "", NULL },
		{ "a b", NULL },
		{ "a\"", NULL },
		{ "a;b", NULL },
		{ "\"", NULL },
		{ "\"a", NULL },
		{ "\"a\\\"", NULL },
		{ "\"a\\", NULL },
		{ "\"a\"b", NULL },
		{ "\"a\"\"", NULL },
		{ "\"a\nb\"", NULL },
		{ "\"a\\\rb\"", NULL },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		char out[16], *copy = exact(rows[i].value);
		bool done = http_unquote(copy, strlen(copy), out, sizeof(out));

		ck_assert_msg(done == (rows[i].out != NULL), "%s", copy);
		if (done)
			ck_assert_str_eq(out, rows[i].out);
		free(copy);
	}
}
END_TEST

START_TEST(a_value_fits_or_is_refused)
{
	char out[8] = "unset";

	ck_assert(http_unquote("abc", 3, out, 4));
	ck_assert(!http_unquote("abc", 3, out, 3));
	ck_assert(http_unquote("\"abc\"", 5, out, 4));
	ck_assert(!http_unquote("\"abc\"", 5, out, 3));
	ck_assert(http_unquote("\"\"", 2, out, 1));
	ck_assert(!http_unquote("\"\"", 2, out, 0));
	ck_assert(!http_unquote("a", 1, out, 0));
	ck_assert(!http_unquote("a\0b", 3, out, 8));
	ck_assert(!http_unquote("\"a\0b\"", 5, out, 8));
}
END_TEST

START_TEST(a_value_is_unquoted_in_its_place)
{
	char text[] = "\"a\\\"b\\\\c\"", token[] = "token;";

	ck_assert(http_unquote(text, strlen(text), text, sizeof(text)));
	ck_assert_str_eq(text, "a\"b\\c");
	ck_assert(http_unquote(token, 5, token, sizeof(token)));
	ck_assert_str_eq(token, "token");
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		parameters_are_taken_apart, nothing_behind_the_end_is_read,   values_are_unquoted,
		a_value_fits_or_is_refused, a_value_is_unquoted_in_its_place,
	};

	return SUITE_RUN("http parameter", tests, NULL, NULL);
}
