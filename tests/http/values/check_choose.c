/* SPDX-License-Identifier: MIT */
#include "handlers/http/values/choose.h"

#include "values.h"

#include <errno.h>

static unsigned by;

static int choose(const struct http_wishes *wishes, const struct modus_http_variant *of, size_t n)
{
	by = ~0u;
	return http_choose(wishes, of, n, &by);
}

static const struct http_wishes none;

START_TEST(without_a_wish_the_first_is_taken)
{
	static const struct modus_http_variant of[] = {
		{ .type = "text/html" },
		{ .type = "text/plain" },
	};

	ck_assert_int_eq(choose(&none, of, 2), 0);
	ck_assert_uint_eq(by, HTTP_BY_TYPE);
	ck_assert_int_eq(choose(&none, of, 1), 0);
	ck_assert_uint_eq(by, 0);
	ck_assert_int_eq(choose(&none, of, 0), -ENOENT);
	ck_assert_uint_eq(by, 0);
}
END_TEST

START_TEST(what_is_refused_is_not_taken)
{
	static const struct modus_http_variant of[] = {
		{ .type = "text/html", .language = "en" },
		{ .type = "text/plain", .language = "en" },
	};

	ck_assert_int_eq(choose(&(struct http_wishes) { .type = "text/plain" }, of, 2), 1);
	ck_assert_int_eq(choose(&(struct http_wishes) { .type = "image/png" }, of, 2), -ENOENT);
	ck_assert_uint_eq(by, HTTP_BY_TYPE);
	ck_assert_int_eq(choose(&(struct http_wishes) { .language = "fr" }, of, 2), -ENOENT);
	ck_assert_uint_eq(by, HTTP_BY_TYPE);
	ck_assert_int_eq(choose(&(struct http_wishes) { .language = "fr, *;q=0.1" }, of, 2), 0);
}
END_TEST

START_TEST(the_product_decides_first)
{
	static const struct modus_http_variant of[] = {
		{ .type = "text/html", .language = "de", .quality = 700 },
		{ .type = "text/html", .language = "en" },
		{ .type = "application/pdf", .language = "de" },
	};
	struct http_wishes w = { .type = "text/html, application/pdf;q=0.5",
				 .language = "de, en;q=0.5" };

	ck_assert_int_eq(choose(&w, of, 3), 0); /* 700, 500, 500 */
	ck_assert_uint_eq(by, HTTP_BY_TYPE | HTTP_BY_LANGUAGE);
	w.language = "de;q=0.7, en";
	ck_assert_int_eq(choose(&w, of, 3), 1); /* 490, 1000, 350 */
	w.type = "text/html;q=0.1, application/pdf";
	w.language = NULL;
	ck_assert_int_eq(choose(&w, of, 3), 2); /* 70, 100, 1000 */
}
END_TEST

START_TEST(then_the_dimensions_in_their_order)
{
	static const struct modus_http_variant of[] = {
		{ "text/html", "utf-8", "de", "gzip" },
		{ "text/plain", "utf-8", "en", "gzip" },
		{ "text/html", "utf-16", "en", "gzip" },
		{ "text/html", "utf-8", "en", "br" },
	};
	/* Two differ in two dimensions, each is liked better in one of them. */
	struct http_wishes w = { .type = "text/html;q=0.5, text/plain",
				 .language = "de, en;q=0.5" };

	ck_assert_int_eq(choose(&w, of, 2), 0); /* the language */
	ck_assert_uint_eq(by, HTTP_BY_TYPE | HTTP_BY_LANGUAGE | HTTP_BY_ENCODING);
	w = (struct http_wishes) { .type = "text/html, text/plain;q=0.5",
				   .charset = "utf-8, utf-16;q=0.5" };
	ck_assert_int_eq(choose(&w, of + 1, 2), 1); /* the type */
	ck_assert_uint_eq(by, HTTP_BY_TYPE | HTTP_BY_CHARSET | HTTP_BY_ENCODING);
	w = (struct http_wishes) { .charset = "utf-8;q=0.5, utf-16", .encoding = "gzip;q=0.5, br" };
	ck_assert_int_eq(choose(&w, of + 2, 2), 0); /* the charset */
	w = (struct http_wishes) { .charset = "utf-8, utf-16;q=0.5", .encoding = "gzip, br;q=0.5" };
	ck_assert_int_eq(choose(&w, of + 2, 2), 1); /* the charset */
	ck_assert_uint_eq(by, HTTP_BY_CHARSET | HTTP_BY_ENCODING);
}
END_TEST

START_TEST(then_the_smaller_and_the_first)
{
	static const struct modus_http_variant of[] = {
		{ .language = "en", .size = 500 },
		{ .language = "de", .size = 0 },
		{ .language = "fr", .size = 400 },
		{ .language = "it", .size = 400 },
	};

	ck_assert_int_eq(choose(&none, of, 4), 2);
	ck_assert_int_eq(choose(&none, of, 2), 0);
	ck_assert_int_eq(choose(&none, of + 1, 1), 0);
	ck_assert_int_eq(choose(&none, of + 1, 3), 1);
	ck_assert_int_eq(choose(&none, of + 2, 2), 0);
	ck_assert_uint_eq(by, HTTP_BY_LANGUAGE);
}
END_TEST

START_TEST(codings_are_taken_by_those_who_know_them)
{
	static const struct modus_http_variant of[] = {
		{ .type = "text/html", .encoding = "br", .size = 100 },
		{ .type = "text/html", .encoding = "gzip", .size = 200 },
		{ .type = "text/html", .size = 1000 },
	};

	ck_assert_int_eq(choose(&none, of, 3), 2);
	ck_assert_uint_eq(by, HTTP_BY_ENCODING);
	ck_assert_int_eq(choose(&none, of, 2), 0); /* there is no other */
	ck_assert_int_eq(choose(&(struct http_wishes) { .encoding = "" }, of, 3), 2);
	ck_assert_int_eq(choose(&(struct http_wishes) { .encoding = "gzip" }, of, 3), 1);
	ck_assert_int_eq(choose(&(struct http_wishes) { .encoding = "gzip, br" }, of, 3), 0);
	ck_assert_int_eq(choose(&(struct http_wishes) { .encoding = "br;q=0.9, gzip" }, of, 3), 1);
	ck_assert_int_eq(choose(&(struct http_wishes) { .encoding = "br;q=0.1" }, of, 3), 0);
	ck_assert_int_eq(choose(&(struct http_wishes) { .encoding = "identity;q=0" }, of + 2, 1),
			 -ENOENT);
	ck_assert_int_eq(choose(&(struct http_wishes) { .encoding = "*;q=0" }, of, 3), -ENOENT);
}
END_TEST

START_TEST(the_source_has_a_quality)
{
	static const struct modus_http_variant of[] = {
		{ .type = "a/b", .quality = 999 },
		{ .type = "a/c" },
		{ .type = "a/d", .quality = -1 },
		{ .type = "a/e", .quality = 2000 },
	};

	ck_assert_int_eq(choose(&none, of, 2), 1);
	ck_assert_int_eq(choose(&none, of + 1, 3), 0); /* 2000 is no more than 1000 */
	ck_assert_int_eq(choose(&none, of + 2, 1), -ENOENT);
}
END_TEST

START_TEST(only_what_differs_is_named)
{
	static const struct modus_http_variant same[] = {
		{ "text/html", "utf-8", "en", "gzip" },
		{ "TEXT/html", "UTF-8", "EN", "GZIP", 500 },
	};
	static const struct modus_http_variant unsaid[] = {
		{ .type = "text/html", .size = 1 },
		{ .type = "text/html", .language = "en", .size = 2 },
		{ .type = "text/html", .charset = "utf-8", .size = 3 },
	};

	ck_assert_int_eq(choose(&none, same, 2), 0);
	ck_assert_uint_eq(by, HTTP_BY_ENCODING); /* it may be refused */
	ck_assert_int_eq(choose(&none, unsaid, 2), 0);
	ck_assert_uint_eq(by, HTTP_BY_LANGUAGE);
	ck_assert_int_eq(choose(&none, unsaid, 3), 0);
	ck_assert_uint_eq(by, HTTP_BY_LANGUAGE | HTTP_BY_CHARSET);
	/* What says nothing suits all. */
	ck_assert_int_eq(choose(&(struct http_wishes) { .language = "fr" }, unsaid, 2), 0);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		without_a_wish_the_first_is_taken, what_is_refused_is_not_taken,
		the_product_decides_first,         then_the_dimensions_in_their_order,
		then_the_smaller_and_the_first,    codings_are_taken_by_those_who_know_them,
		the_source_has_a_quality,          only_what_differs_is_named,
	};

	return SUITE_RUN("http choose", tests, NULL, NULL);
}
