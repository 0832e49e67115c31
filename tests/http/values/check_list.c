/* SPDX-License-Identifier: MIT */
#include "handlers/http/values/list.h"

#include "values.h"

#include <stdio.h>

START_TEST(bytes_are_of_tokens_and_values)
{
	static const char tchars[] = "!#$%&'*+-.^_`|~0123456789"
				     "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

	for (int c = 0; c < 256; c++) {
		bool of_token = c && strchr(tchars, c);
		bool of_value = c == '\t' || (c >= 0x20 && c <= 0x7e) || c >= 0x80;

		ck_assert_msg(http_is_tchar((unsigned char)c) == of_token, "%02x", c);
		ck_assert_msg(http_is_vchar((unsigned char)c) == of_value, "%02x", c);
	}
}
END_TEST

START_TEST(tokens_have_a_byte_or_more)
{
	ck_assert(http_is_token("Content-Type", 12));
	ck_assert(http_is_token("a", 1));
	ck_assert(http_is_token("a b", 1));
	ck_assert(!http_is_token("", 0));
	ck_assert(!http_is_token("a b", 3));
	ck_assert(!http_is_token("a:", 2));
	ck_assert(!http_is_token("a\0b", 3));
	ck_assert(!http_is_token("\xc3\xa4", 2));
}
END_TEST

/* Each byte at each place of texts of each length, among letters and among bytes like it. */
START_TEST(values_have_no_control_byte)
{
	static const char others[] = { 'a', ' ', '\t', '~', '\x80', '\xff' };

	for (size_t n = 1; n <= 25; n++) {
		for (int c = 0; c < 256 * (int)COUNT(others); c++) {
			char *text = malloc(n);

			if (!text)
				ck_abort();
			memset(text, others[c / 256], n);
			for (size_t at = 0; at < n; at++) {
				text[at] = (char)c;
				if (http_is_value(text, n) != http_is_vchar((unsigned char)c))
					ck_abort_msg("%02x at %zu of %zu", c % 256, at, n);
				text[at] = others[c / 256];
			}
			free(text);
		}
	}
	ck_assert(http_is_value("", 0));
	ck_assert(http_is_value("a\n", 1));
}
END_TEST

/* The elements, each in brackets. */
static const char *elements(const char *list)
{
	static char out[512];
	char *copy = exact(list);
	const char *at = copy, *item;
	size_t n, used = 0;

	out[0] = '\0';
	while (http_list_next(&at, &item, &n))
		used += (size_t)snprintf(out + used, sizeof(out) - used, "[%.*s]", (int)n, item);
	ck_assert(!http_list_next(&at, &item, &n));
	ck_assert_uint_eq(n, 0);
	ck_assert(!*at);
	free(copy);
	return out;
}

START_TEST(lists_are_taken_apart)
{
	static const char *const rows[][2] = {
		{ "", "" },
		{ " \t ", "" },
		{ ",", "" },
		{ ", , ,\t,", "" },
		{ "a", "[a]" },
		{ " a ", "[a]" },
		{ "a,b", "[a][b]" },
		{ "a , b", "[a][b]" },
		{ ",a,,b,", "[a][b]" },
		{ "foo , ,bar,charlie", "[foo][bar][charlie]" }, /* RFC 9110 5.6.1.2 */
		{ "a b , c\td", "[a b][c\td]" },
		{ "\"a,b\"", "[\"a,b\"]" },
		{ "a=\"b,c\";d, e", "[a=\"b,c\";d][e]" },
		{ "\"a\\\",b\",c", "[\"a\\\",b\"][c]" },
		{ "\"a\\\\\",c", "[\"a\\\\\"][c]" },
		{ "\"\",\"\"", "[\"\"][\"\"]" },
		{ "a, \"b, c", "[a][\"b, c]" },
		{ "\"", "[\"]" },
		{ "\"\\", "[\"\\]" },
		{ "\"a\\", "[\"a\\]" },
		{ "a\\,b", "[a\\][b]" },
		{ "a;b=c, d", "[a;b=c][d]" },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		ck_assert_str_eq(elements(rows[i][0]), rows[i][1]);
}
END_TEST

START_TEST(tokens_are_found_without_case)
{
	ck_assert(http_list_has("close", "close"));
	ck_assert(http_list_has("Keep-Alive, CLOSE", "close"));
	ck_assert(http_list_has(" , close ,", "Close"));
	ck_assert(!http_list_has("closed", "close"));
	ck_assert(!http_list_has("clos", "close"));
	ck_assert(!http_list_has("close x", "close"));
	ck_assert(!http_list_has("\"close\"", "close"));
	ck_assert(!http_list_has("\"a, close\"", "close"));
	ck_assert(!http_list_has("", "close"));
	ck_assert(!http_list_has(NULL, "close"));
	ck_assert(!http_list_has("a,,b", ""));
	/* Where only the bit of the case differs, but the bytes are no letters. */
	ck_assert(!http_list_has("a~", "a^"));
	ck_assert(!http_list_has("`", "@"));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		bytes_are_of_tokens_and_values, tokens_have_a_byte_or_more,
		values_have_no_control_byte,    lists_are_taken_apart,
		tokens_are_found_without_case,
	};

	return SUITE_RUN("http list", tests, NULL, NULL);
}
