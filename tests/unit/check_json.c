/* SPDX-License-Identifier: MIT */
#include "compare/report/json.h"

#include "tests/unit/unit_suite.h"

#include "unit_suite.h"

#include <math.h>
#include <signal.h>
#include <string.h>

static struct json j;
static char *text;
static size_t size;
static FILE *f;

static void set_up(void)
{
	f = open_memstream(&text, &size);
	json_begin(&j, f, 0);
}

static void tear_down(void)
{
	if (f)
		fclose(f);
	free(text);
	f = NULL;
	text = NULL;
}

static void check_written(const char *want)
{
	fclose(f);
	f = NULL;
	ck_assert_str_eq(text, want);
}

START_TEST(test_values_and_their_commas)
{
	json_object(&j, NULL);
	json_text(&j, "a", "x");
	json_array(&j, "b");
	json_count(&j, NULL, UINT64_MAX);
	json_number(&j, NULL, -0.5);
	json_object(&j, NULL);
	json_end(&j);
	json_array(&j, NULL);
	json_end(&j);
	json_end(&j);
	json_bool(&j, "c", true);
	json_bool(&j, "d", false);
	json_text(&j, "e", NULL);
	json_end(&j);
	check_written("{\"a\": \"x\", \"b\": [18446744073709551615, -0.5, {}, []], "
		      "\"c\": true, \"d\": false, \"e\": null}\n");
}
END_TEST

START_TEST(test_lines)
{
	json_begin(&j, f, 1);
	json_object(&j, NULL);
	json_array(&j, "a");
	json_count(&j, NULL, 1);
	json_count(&j, NULL, 2);
	json_end(&j);
	json_count(&j, "b", 3);
	json_end(&j);
	check_written("{\n \"a\": [1, 2],\n \"b\": 3\n}\n");
}
END_TEST

START_TEST(test_numbers_that_are_none)
{
	json_array(&j, NULL);
	json_number(&j, NULL, NAN);
	json_number(&j, NULL, INFINITY);
	json_number(&j, NULL, -INFINITY);
	json_number(&j, NULL, 1e300);
	json_number(&j, NULL, 123456.789);
	json_end(&j);
	check_written("[null, null, null, 1e+300, 123456.789]\n");
}
END_TEST

static const struct {
	const char *text, *want;
} strings[] = {
	{ "", "" },
	{ "a\"b\\c/", "a\\\"b\\\\c/" },
	{ "\n\t\x01\x7f", "\\u000a\\u0009\\u0001\\u007f" },
	{ "</script><!--", "\\u003c/script>\\u003c!--" },
	{ "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80" },
	{ "\xff\x80x", "\\ufffd\\ufffdx" },
	{ "\xc0\xaf", "\\ufffd\\ufffd" },                       /* longer than it need be */
	{ "\xed\xa0\x80", "\\ufffd\\ufffd\\ufffd" },            /* half of a pair */
	{ "\xf4\x90\x80\x80", "\\ufffd\\ufffd\\ufffd\\ufffd" }, /* beyond U+10FFFF */
	{ "\xe2\x82", "\\ufffd\\ufffd" },                       /* cut by the end */
	{ "\xe2\"", "\\ufffd\\\"" },                            /* and by a quote */
};

START_TEST(test_strings)
{
	char want[128];

	json_text(&j, NULL, strings[_i].text);
	snprintf(want, sizeof(want), "\"%s\"", strings[_i].want);
	check_written(want);
}
END_TEST

/* A name is escaped likewise. */
START_TEST(test_names)
{
	json_object(&j, NULL);
	json_count(&j, "a\"\n", 1);
	json_end(&j);
	check_written("{\"a\\\"\\u000a\": 1}\n");
}
END_TEST

/* What would not be JSON ends the program. */
START_TEST(test_a_name_in_an_array)
{
	json_array(&j, NULL);
	json_count(&j, "name", 1);
}
END_TEST

START_TEST(test_no_name_in_an_object)
{
	json_object(&j, NULL);
	json_count(&j, NULL, 1);
}
END_TEST

START_TEST(test_an_end_too_many)
{
	json_array(&j, NULL);
	json_end(&j);
	json_end(&j);
}
END_TEST

START_TEST(test_two_values)
{
	json_count(&j, NULL, 1);
	json_count(&j, NULL, 2);
}
END_TEST

START_TEST(test_too_deep)
{
	for (int i = 0; i <= JSON_DEPTH; i++)
		json_array(&j, NULL);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_values_and_their_commas,
		test_lines,
		test_numbers_that_are_none,
		test_names,
	};
	const TTest *const misuses[] = {
		test_a_name_in_an_array, test_no_name_in_an_object,
		test_an_end_too_many,    test_two_values,
		test_too_deep,
	};
	TCase *cases = SUITE_CASE("json", tests, set_up, tear_down);

	tcase_add_loop_test(cases, test_strings, 0, sizeof(strings) / sizeof(*strings));
	for (size_t i = 0; i < sizeof(misuses) / sizeof(*misuses); i++)
		tcase_add_test_raise_signal(cases, misuses[i], SIGABRT);
	return suite_run("json", cases);
}
