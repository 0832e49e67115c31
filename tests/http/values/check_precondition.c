/* SPDX-License-Identifier: MIT */
#include "handlers/http/values/precondition.h"

#include "values.h"

#define BEFORE "Sun, 06 Nov 1994 08:49:36 GMT"
#define THEN   "Sun, 06 Nov 1994 08:49:37 GMT"
#define AFTER  "Sun, 06 Nov 1994 08:49:38 GMT"

enum { MODIFIED = 784111777, NOW = 1796083200 };

START_TEST(entity_tags_have_their_quotes)
{
	static const char *const right[] = {
		"\"\"",    "\"xyzzy\"", "W/\"xyzzy\"", "W/\"\"",
		"\"a,b\"", "\"a\\\"",   "\"!#~\"",     "\"\xff\"",
	};
	static const char *const wrong[] = {
		"",        "xyzzy",    "\"",       "\"a",     "a\"",       "W/",     "W/xyzzy",
		"w/\"a\"", "W\"a\"",   "W /\"a\"", "\"a b\"", "\"a\"b",    " \"a\"", "\"a\" ",
		"\"\"\"",  "\"a\tb\"", "\"\x7f\"", "*",       "W/W/\"a\"",
	};

	for (size_t i = 0; i < COUNT(right); i++)
		ck_assert_msg(http_is_etag(right[i]), "%s", right[i]);
	for (size_t i = 0; i < COUNT(wrong); i++)
		ck_assert_msg(!http_is_etag(wrong[i]), "%s", wrong[i]);
}
END_TEST

START_TEST(tags_are_compared_as_the_table_says)
{
	static const struct { /* RFC 9110 8.8.3.2 */
		const char *a, *b;
		bool strong, weak;
	} rows[] = {
		{ "W/\"1\"", "W/\"1\"", false, true }, { "W/\"1\"", "W/\"2\"", false, false },
		{ "W/\"1\"", "\"1\"", false, true },   { "\"1\"", "\"1\"", true, true },
		{ "\"a\"", "\"A\"", false, false },    { "\"1\"", "\"11\"", false, false },
		{ "\"\"", "\"\"", true, true },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		ck_assert(http_etag_in(rows[i].a, rows[i].b, true) == rows[i].strong);
		ck_assert(http_etag_in(rows[i].b, rows[i].a, true) == rows[i].strong);
		ck_assert(http_etag_in(rows[i].a, rows[i].b, false) == rows[i].weak);
		ck_assert(http_etag_in(rows[i].b, rows[i].a, false) == rows[i].weak);
	}
}
END_TEST

START_TEST(tags_are_found_in_lists)
{
	static const struct {
		const char *list;
		bool has; /* "b" */
	} rows[] = {
		{ "*", true },
		{ "\"b\"", true },
		{ "\"a\", \"b\", \"c\"", true },
		{ "\"a\",\"b\"", true },
		{ " , \"a\" ,\t\"b\" , ", true },
		{ "\"a\", \"c\"", false },
		{ "", false },
		{ ", ,", false },
		{ "b", false },
		{ "a, b", false },
		{ "\"a,\"b\"", false },
		{ "\"a, \"b\"", false }, /* nobody knows where the first one ends */
		{ "\"a, \"c\", \"b\"", true },
		{ "x, \"b\"", true },
		{ "\"b\"x", false },
		{ "\"b\" x", false },
		{ "\"b\"\"b\"", false },
		{ "\"a\\\", \"b\"", true }, /* no escape */
		{ "\"a,b\"", false },
		{ "\"b", false },
		{ "*, \"b\"", true },
		{ "*, \"a\"", false },
		{ "**", false },
		{ "W/\"b\"", false },
		{ "w/\"b\"", false },
		{ "\"a\", W/", false },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		char *copy = exact(rows[i].list);

		ck_assert_msg(http_etag_in(copy, "\"b\"", true) == rows[i].has, "%s", copy);
		free(copy);
	}
	ck_assert(!http_etag_in(NULL, "\"b\"", false));
	ck_assert(!http_etag_in("\"b\"", NULL, false));
	ck_assert(http_etag_in("*", NULL, true));
	ck_assert(!http_etag_in("b", "b", false));
	ck_assert(!http_etag_in("\"b\"", "\"b\"x", false));
}
END_TEST

struct row {
	struct http_conditions of;
	int status;
	const char *etag; /* NULL: "b" */
	bool gone, undated;
};

static int evaluate(const struct row *r)
{
	return http_precondition(&r->of, !r->gone, r->etag ? r->etag : "\"b\"",
				 r->undated ? 0 : MODIFIED, NOW);
}

static void evaluate_all(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		ck_assert_msg(evaluate(&rows[i]) == rows[i].status, "row %zu: got %d", i,
			      evaluate(&rows[i]));
}

START_TEST(if_match_wants_a_strong_tag)
{
	static const struct row rows[] = {
		{ { "PUT" }, 0 },
		{ { "PUT", "\"b\"" }, 0 },
		{ { "PUT", "\"a\", \"b\"" }, 0 },
		{ { "PUT", "\"a\"" }, 412 },
		{ { "PUT", "W/\"b\"" }, 412 },
		{ { "PUT", "\"b\"" }, 412, "W/\"b\"" },
		{ { "PUT", "*" }, 0 },
		{ { "PUT", "*" }, 412, .gone = true },
		{ { "PUT", "\"b\"" }, 412, .gone = true },
		{ { "PUT", "" }, 412 },
		{ { "PUT", "b" }, 412 },
		{ { "GET", "\"b\"" }, 0 },
		{ { "GET", "\"a\"" }, 412 },
		{ { "DELETE", "\"a\"" }, 412 },
		/* with it, If-Unmodified-Since says nothing */
		{ { "PUT", "\"b\"", .if_unmodified_since = BEFORE }, 0 },
		{ { "PUT", "\"a\"", .if_unmodified_since = AFTER }, 412 },
	};

	evaluate_all(rows, COUNT(rows));
}
END_TEST

START_TEST(if_unmodified_since_wants_a_date)
{
	static const struct row rows[] = {
		{ { "PUT", .if_unmodified_since = BEFORE }, 412 },
		{ { "PUT", .if_unmodified_since = THEN }, 0 },
		{ { "PUT", .if_unmodified_since = AFTER }, 0 },
		{ { "GET", .if_unmodified_since = BEFORE }, 412 },
		{ { "PUT", .if_unmodified_since = "Sunday, 06-Nov-94 08:49:36 GMT" }, 412 },
		{ { "PUT", .if_unmodified_since = "Sun Nov  6 08:49:37 1994" }, 0 },
		{ { "PUT", .if_unmodified_since = "yesterday" }, 0 },
		{ { "PUT", .if_unmodified_since = BEFORE ", " BEFORE }, 0 },
		{ { "PUT", .if_unmodified_since = BEFORE }, 0, .undated = true },
		{ { "PUT", .if_unmodified_since = BEFORE }, 0, .gone = true },
	};

	evaluate_all(rows, COUNT(rows));
}
END_TEST

START_TEST(if_none_match_takes_weak_tags)
{
	static const struct row rows[] = {
		{ { "GET", .if_none_match = "\"b\"" }, 304 },
		{ { "HEAD", .if_none_match = "\"b\"" }, 304 },
		{ { "GET", .if_none_match = "W/\"b\"" }, 304 },
		{ { "GET", .if_none_match = "\"b\"" }, 304, "W/\"b\"" },
		{ { "GET", .if_none_match = "\"a\"" }, 0 },
		{ { "GET", .if_none_match = "b" }, 0 },
		{ { "GET", .if_none_match = "*" }, 304 },
		{ { "GET", .if_none_match = "*" }, 0, .gone = true },
		{ { "PUT", .if_none_match = "*" }, 412 },
		{ { "PUT", .if_none_match = "*" }, 0, .gone = true },
		{ { "PUT", .if_none_match = "\"b\"" }, 412 },
		{ { "POST", .if_none_match = "W/\"b\"" }, 412 },
		{ { "get", .if_none_match = "\"b\"" }, 412 },
		/* with it, If-Modified-Since says nothing */
		{ { "GET", .if_none_match = "\"a\"", .if_modified_since = AFTER }, 0 },
		{ { "GET", .if_none_match = "\"b\"", .if_modified_since = BEFORE }, 304 },
	};

	evaluate_all(rows, COUNT(rows));
}
END_TEST

START_TEST(if_modified_since_is_for_get)
{
	static const struct row rows[] = {
		{ { "GET", .if_modified_since = BEFORE }, 0 },
		{ { "GET", .if_modified_since = THEN }, 304 },
		{ { "GET", .if_modified_since = AFTER }, 304 },
		{ { "HEAD", .if_modified_since = THEN }, 304 },
		{ { "POST", .if_modified_since = THEN }, 0 },
		{ { "PUT", .if_modified_since = THEN }, 0 },
		{ { "GET", .if_modified_since = "Sunday, 06-Nov-94 08:49:37 GMT" }, 304 },
		{ { "GET", .if_modified_since = "" }, 0 },
		{ { "GET", .if_modified_since = "Sun, 06 Nov 1994 08:49:37 UTC" }, 0 },
		{ { "GET", .if_modified_since = THEN }, 0, .undated = true },
		{ { "GET", .if_modified_since = THEN }, 0, .gone = true },
	};

	evaluate_all(rows, COUNT(rows));
}
END_TEST

START_TEST(conditions_have_an_order)
{
	static const struct row rows[] = {
		{ { "GET", "\"a\"", "\"b\"" }, 412 },
		{ { "GET", "\"b\"", "\"b\"" }, 304 },
		{ { "GET", "\"b\"", "\"a\"" }, 0 },
		{ { "GET", NULL, "\"b\"", .if_unmodified_since = BEFORE }, 412 },
		{ { "GET", NULL, "\"b\"", .if_unmodified_since = AFTER }, 304 },
		{ { "GET", NULL, NULL, THEN, THEN }, 304 },
		{ { "GET", "*", NULL, THEN }, 304 },
		/* they select nothing */
		{ { "OPTIONS", "\"a\"", "\"b\"" }, 0 },
		{ { "TRACE", "\"a\"" }, 0 },
		{ { "CONNECT", "\"a\"" }, 0 },
	};
	struct http_conditions of = { "GET", .if_match = "\"b\"" };

	evaluate_all(rows, COUNT(rows));
	ck_assert_int_eq(http_precondition(&of, true, NULL, 0, NOW), 412);
	of = (struct http_conditions) { "GET", .if_none_match = "\"b\"" };
	ck_assert_int_eq(http_precondition(&of, true, NULL, 0, NOW), 0);
	of.if_none_match = "*";
	ck_assert_int_eq(http_precondition(&of, true, NULL, 0, NOW), 304);
}
END_TEST

START_TEST(if_range_wants_what_is_strong)
{
	ck_assert(http_if_range("\"b\"", "\"b\"", MODIFIED, NOW));
	ck_assert(!http_if_range("\"a\"", "\"b\"", MODIFIED, NOW));
	ck_assert(!http_if_range("W/\"b\"", "\"b\"", MODIFIED, NOW));
	ck_assert(!http_if_range("\"b\"", "W/\"b\"", MODIFIED, NOW));
	ck_assert(!http_if_range("W/\"b\"", "W/\"b\"", MODIFIED, NOW));
	ck_assert(!http_if_range("\"b\"", NULL, MODIFIED, NOW));
	ck_assert(!http_if_range("\"a\", \"b\"", "\"b\"", MODIFIED, NOW));
	ck_assert(!http_if_range("*", "\"b\"", MODIFIED, NOW));
	ck_assert(!http_if_range("", "\"b\"", MODIFIED, NOW));
	ck_assert(!http_if_range("b", "b", MODIFIED, NOW));
	ck_assert(http_if_range(THEN, "\"b\"", MODIFIED, NOW));
	ck_assert(http_if_range(THEN, NULL, MODIFIED, NOW));
	ck_assert(http_if_range("Sun Nov  6 08:49:37 1994", NULL, MODIFIED, NOW));
	ck_assert(!http_if_range(BEFORE, "\"b\"", MODIFIED, NOW));
	ck_assert(!http_if_range(AFTER, "\"b\"", MODIFIED, NOW));
	ck_assert(!http_if_range(THEN, "\"b\"", 0, NOW));
	/* a second that is not over, and one to come */
	ck_assert(!http_if_range(THEN, "\"b\"", MODIFIED, MODIFIED));
	ck_assert(!http_if_range(THEN, "\"b\"", MODIFIED, MODIFIED - 1));
	ck_assert(http_if_range(THEN, "\"b\"", MODIFIED, MODIFIED + 1));
	ck_assert(!http_if_range("no date", NULL, -1, NOW));
	ck_assert(http_if_range(NULL, "\"b\"", MODIFIED, NOW));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		entity_tags_have_their_quotes, tags_are_compared_as_the_table_says,
		tags_are_found_in_lists,       if_match_wants_a_strong_tag,
		if_none_match_takes_weak_tags, if_unmodified_since_wants_a_date,
		if_modified_since_is_for_get,  conditions_have_an_order,
		if_range_wants_what_is_strong,
	};

	return SUITE_RUN("http precondition", tests, NULL, NULL);
}
