/* SPDX-License-Identifier: MIT */
#include "handlers/http/values/accept.h"

#include "values.h"

struct row {
	const char *field, *what;
	int quality;
};

static void judge_all(int (*quality)(const char *, const char *), const struct row *rows,
		      size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char *copy = rows[i].field ? exact(rows[i].field) : NULL;
		int got = quality(copy, rows[i].what);

		free(copy);
		ck_assert_msg(got == rows[i].quality, "\"%s\" of \"%s\": %d, not %d",
			      rows[i].what ? rows[i].what : "(none)",
			      rows[i].field ? rows[i].field : "(none)", got, rows[i].quality);
	}
}

START_TEST(qualities_have_three_decimals)
{
	static const struct row rows[] = {
		{ "a;q=1", "a", 1000 },
		{ "a;q=1.", "a", 1000 },
		{ "a;q=1.0", "a", 1000 },
		{ "a;q=1.000", "a", 1000 },
		{ "a;q=0", "a", 0 },
		{ "a;q=0.", "a", 0 },
		{ "a;q=0.000", "a", 0 },
		{ "a;q=0.5", "a", 500 },
		{ "a;q=0.05", "a", 50 },
		{ "a;q=0.005", "a", 5 },
		{ "a;q=0.123", "a", 123 },
		{ "a;q=0.999", "a", 999 },
		{ "a;Q=0.5", "a", 500 },
		{ "a ; q=0.5", "a", 500 },
		{ "a;\tq=0.5 ", "a", 500 },
		{ "a;;q=0.5;", "a", 500 },
		/* qualities that are none */
		{ "a;q=2", "a", 1000 },
		{ "a;q=1.001", "a", 1000 },
		{ "a;q=1.1", "a", 1000 },
		{ "a;q=0.1234", "a", 1000 },
		{ "a;q=.5", "a", 1000 },
		{ "a;q=00.5", "a", 1000 },
		{ "a;q=-0", "a", 1000 },
		{ "a;q=0x", "a", 1000 },
		{ "a;q=01", "a", 1000 },
		{ "a;q=0x1", "a", 1000 },
		{ "a;q=0.x", "a", 1000 },
		{ "a;q=0-5", "a", 1000 },
		{ "a;q=\"0.5\"", "a", 1000 },
		{ "a;q=x", "a", 1000 },
		/* elements that are none */
		{ "a;q=;x, b", "a", 0 },
		{ "a;q, b", "a", 0 },
		{ "a;q =0.5, b", "a", 0 },
		{ "a;q= 0.5, b", "a", 0 },
		{ "a q=0.5, b", "a", 0 },
		{ "a;q=0,5, b", "a", 0 },
		{ ";q=0.5, b", "a", 0 },
		{ "a/b;q=0.5, a", "a", 1000 },
	};

	judge_all(http_quality_of_charset, rows, COUNT(rows));
}
END_TEST

START_TEST(specific_types_come_first)
{
	static const char wish[] = "text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, "
				   "text/plain;format=fixed;q=0.4, */*;q=0.5";
	const struct row rows[] = {
		/* RFC 9110 12.5.1 */
		{ wish, "text/plain;format=flowed", 1000 },
		{ wish, "text/plain", 700 },
		{ wish, "text/html", 300 },
		{ wish, "image/jpeg", 500 },
		{ wish, "text/plain;format=fixed", 400 },
		{ wish, "text/html;level=3", 300 },
		{ "audio/*; q=0.2, audio/basic", "audio/basic", 1000 },
		{ "audio/*; q=0.2, audio/basic", "audio/midi", 200 },
		{ "audio/*; q=0.2, audio/basic", "text/html", 0 },
		/* the order says nothing */
		{ "*/*;q=0.1, a/*;q=0.2, a/b;q=0.3", "a/b", 300 },
		{ "a/b;q=0.3, a/*;q=0.2, */*;q=0.1", "a/b", 300 },
		{ "a/b;q=0, */*", "a/b", 0 },
		{ "*/*, a/b;q=0", "a/b", 0 },
		{ "a/b;q=0.2, a/b;q=0.7, a/b;q=0.5", "a/b", 700 },
		{ "TEXT/HTML;q=0.5", "text/html", 500 },
		{ "text/html;q=0.5", "Text/Html", 500 },
		/* beginnings */
		{ "text/htm", "text/html", 0 },
		{ "text/htmlx", "text/html", 0 },
		{ "tex/*", "text/html", 0 },
		{ "texts/*", "text/html", 0 },
		/* not sent, or nothing in it */
		{ NULL, "a/b", 1000 },
		{ "", "a/b", 1000 },
		{ " , ", "a/b", 1000 },
		{ "text", "a/b", 1000 },
		{ "text/html", "a/b", 0 },
	};

	judge_all(http_quality_of_type, rows, COUNT(rows));
}
END_TEST

START_TEST(parameters_narrow_a_type)
{
	static const struct row rows[] = {
		{ "a/b;c=d", "a/b", 0 },
		{ "a/b", "a/b;c=d", 1000 },
		{ "a/b;c=d", "a/b;c=d", 1000 },
		{ "a/b; c=d", "a/b ;c=d", 1000 },
		{ "a/b;c=d", "a/b;c=x", 0 },
		{ "a/b;c=d", "a/b;c=dd", 0 },
		{ "a/b;c=dd", "a/b;c=d", 0 },
		{ "a/b;c=d", "a/b;x=d", 0 },
		{ "a/b;c=d", "a/b;x=y;c=d", 1000 },
		{ "a/b;c=d;x=y", "a/b;x=y;c=d", 1000 },
		{ "a/b;c=d;x=y", "a/b;c=d", 0 },
		{ "a/b;C=D", "a/b;c=d", 1000 },
		{ "a/b;charset=UTF-8", "a/b;charset=utf-8", 1000 },
		{ "a/b;c=\"d\"", "a/b;c=d", 1000 },
		{ "a/b;c=\"\\d\"", "a/b;c=d", 1000 },
		{ "a/b;c=d", "a/b;c=\"d\"", 1000 },
		{ "a/b;c=\"d e,f\\\"\"", "a/b;c=\"d e,f\\\"\"", 1000 },
		{ "a/b;c=\"\"", "a/b;c=\"\"", 1000 },
		{ "a/b;c=\"\"", "a/b;c=d", 0 },
		/* the more of them, the more specific */
		{ "a/b;c=d;q=0.2, a/b;q=0.9", "a/b;c=d", 200 },
		{ "a/b;q=0.9, a/b;c=d;q=0.2", "a/b;c=d", 200 },
		{ "a/b;c=d;q=0.2, a/b;c=d;e=f;q=0.3, a/b;q=0.9", "a/b;e=f;c=d", 300 },
		{ "a/*;c=d;q=0.2, a/b;q=0.9", "a/b;c=d", 900 },
		{ "a/*;c=d;q=0.2, a/*;q=0.9", "a/b;c=d", 200 },
		{ "*/*;c=d;q=0.2, */*;q=0.9", "a/b;c=d", 200 },
		{ "*/*;c=d;q=0.2, */*;q=0.9", "a/b", 900 },
		/* a weight counts wherever it stands */
		{ "a/b;q=0.5;c=d", "a/b;c=d", 500 },
		{ "a/b;q=0.5;c=d", "a/b", 0 },
		{ "a/b;q=0.5", "a/b;q=x", 500 },
	};

	judge_all(http_quality_of_type, rows, COUNT(rows));
}
END_TEST

START_TEST(malformed_types_are_passed_over)
{
	static const struct row rows[] = {
		{ "a, a/b;q=0.5", "a/b", 500 },
		{ "a/, a/b;q=0.5", "a/b", 500 },
		{ "/b, a/b;q=0.5", "a/b", 500 },
		{ "*/b, a/b;q=0.5", "a/b", 500 },
		{ "*/b", "a/b", 1000 },
		{ "a/", "x/y", 1000 },
		{ "/b", "x/y", 1000 },
		{ "a@/b", "x/y", 1000 },
		{ "*, a/b;q=0.5", "x/y", 0 },
		{ "a/b/c, a/b;q=0.5", "a/b", 500 },
		{ "a/b c, a/b;q=0.5", "a/b", 500 },
		{ "a/b;c, a/b;q=0.5", "a/b", 500 },
		{ "a/b;c=\"d, a/b;q=0.5", "a/b", 1000 },
		{ "a/b@, a/b;q=0.5", "a/b", 500 },
		{ "\"a/b\", a/b;q=0.5", "a/b", 500 },
		/* as an old client of Java sends it */
		{ "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "a/b", 1000 },
		/* a type of ours that is none suits those who take all */
		{ "*/*;q=0.5", "nothing", 500 },
		{ "a/*", "a", 0 },
		{ "a/b", "", 0 },
	};

	judge_all(http_quality_of_type, rows, COUNT(rows));
}
END_TEST

START_TEST(languages_are_prefixes)
{
	static const struct row rows[] = {
		/* RFC 9110 12.5.4 */
		{ "da, en-gb;q=0.8, en;q=0.7", "da", 1000 },
		{ "da, en-gb;q=0.8, en;q=0.7", "en-GB", 800 },
		{ "da, en-gb;q=0.8, en;q=0.7", "en-US", 700 },
		{ "da, en-gb;q=0.8, en;q=0.7", "en", 700 },
		{ "da, en-gb;q=0.8, en;q=0.7", "de", 0 },
		/* RFC 4647 3.3.1 */
		{ "de-de", "de-DE", 1000 },
		{ "de-de", "de-DE-1996", 1000 },
		{ "de-de", "de-Deva", 0 },
		{ "de-de", "de-Latn-DE", 0 },
		{ "de", "de-CH", 1000 },
		{ "de", "dex", 0 },
		{ "de", "d", 0 },
		{ "dex", "de", 0 },
		/* the longest range that fits */
		{ "de;q=0.9, de-CH;q=0.2", "de-CH", 200 },
		{ "de-CH;q=0.2, de;q=0.9", "de-CH-1996", 200 },
		{ "de;q=0.5, de-CH;q=0", "de-CH", 0 },
		{ "*;q=0.5, de;q=0.2", "de", 200 },
		{ "*;q=0.5, de;q=0.2", "fr", 500 },
		{ "*;q=0.5, de;q=0", "de-AT", 0 },
		{ "*", "x", 1000 },
		/* as lookup would find it */
		{ "de-CH", "de", 999 },
		{ "de-CH;q=0.8", "de", 799 },
		{ "de-CH-1996;q=0.8", "de", 799 },
		{ "de-CH-1996;q=0.8", "de-CH", 799 },
		{ "de-CH;q=0.001", "de", 1 },
		{ "de-CH;q=0.002", "de", 1 },
		{ "i-klingon;q=0.5", "i-klingon", 500 },
		{ "i-klingon;q=0.5", "i", 499 },
		{ "x;q=0.5", "x", 500 },
		{ "de-CH;q=0.2, de-AT;q=0.9", "de", 899 },
		{ "de-AT;q=0.9, de-CH;q=0.2", "de", 899 },
		{ "de-CH;q=0.9, de;q=0.4", "de", 400 },
		{ "de-CH;q=0.9, de;q=0", "de", 0 },
		{ "de-CH;q=0.9, *;q=0.1", "de", 899 },
		{ "de-CH;q=0, *;q=0.1", "de", 100 },
		{ "de-CH;q=0", "de", 0 },
		{ "de-CH", "de-AT", 0 },
		/* what is none */
		{ "de_CH, fr", "de", 0 },
		{ "-de, fr", "de", 0 },
		{ "de-, fr", "de", 0 },
		{ "de--CH, fr", "de", 0 },
		{ "abcdefghi, fr", "abcdefghi", 0 },
		{ "de-123456789, fr", "de", 0 },
		{ "de-12345678, fr", "de", 999 },
		{ "d3, fr", "d3", 0 },
		{ "**, fr", "de", 0 },
		{ "*-CH, fr", "de-CH", 0 },
		{ "de CH, fr", "de", 0 },
		/* not sent, or nothing in it */
		{ NULL, "de", 1000 },
		{ "", "de", 1000 },
		{ "de_CH", "de", 1000 },
		{ "-de", "fr", 1000 },
		{ "de-", "fr", 1000 },
	};

	judge_all(http_quality_of_language, rows, COUNT(rows));
}
END_TEST

START_TEST(charsets_are_named_or_any)
{
	static const struct row rows[] = {
		{ "iso-8859-5, unicode-1-1;q=0.8", "iso-8859-5", 1000 },
		{ "iso-8859-5, unicode-1-1;q=0.8", "Unicode-1-1", 800 },
		{ "iso-8859-5, unicode-1-1;q=0.8", "utf-8", 0 },
		{ "iso-8859-5, unicode-1-1;q=0.8", "iso-8859-1", 0 },
		{ "UTF-8;q=0.2, *;q=0.7", "utf-8", 200 },
		{ "*;q=0.7, UTF-8;q=0.2", "utf-8", 200 },
		{ "*;q=0.7, UTF-8;q=0.2", "iso-8859-1", 700 },
		{ "*;q=0", "utf-8", 0 },
		{ "utf-8, *;q=0", "utf-8", 1000 },
		{ "utf-16", "utf-1", 0 },
		{ NULL, "utf-8", 1000 },
		{ "", "utf-8", 1000 },
		{ "utf/8", "utf-8", 1000 },
	};

	judge_all(http_quality_of_charset, rows, COUNT(rows));
}
END_TEST

START_TEST(codings_are_named_or_any_or_none)
{
	static const struct row rows[] = {
		/* RFC 9110 12.5.3 */
		{ "compress, gzip", "gzip", 1000 },
		{ "compress, gzip", "br", 0 },
		{ "", "gzip", 0 },
		{ "", NULL, 1000 },
		{ "*", "gzip", 1000 },
		{ "*", NULL, 1000 },
		{ "compress;q=0.5, gzip;q=1.0", "compress", 500 },
		{ "gzip;q=1.0, identity; q=0.5, *;q=0", "gzip", 1000 },
		{ "gzip;q=1.0, identity; q=0.5, *;q=0", NULL, 500 },
		{ "gzip;q=1.0, identity; q=0.5, *;q=0", "br", 0 },
		/* identity is refused by these alone */
		{ "identity;q=0", NULL, 0 },
		{ "*;q=0", NULL, 0 },
		{ "gzip, *;q=0", NULL, 0 },
		{ "gzip, identity;q=0", NULL, 0 },
		{ "*;q=0, identity;q=0.1", NULL, 100 },
		{ "identity;q=0, *", NULL, 0 },
		{ "gzip;q=0", NULL, 1000 },
		{ "gzip;q=0", "gzip", 0 },
		/* where nothing is said of it, it is liked less than what is asked for */
		{ "gzip", NULL, 999 },
		{ "gzip;q=0.5, br;q=0.8", NULL, 499 },
		{ "gzip;q=0.5, br;q=0", NULL, 499 },
		{ "gzip;q=0.001", NULL, 1 },
		{ "gzip, *;q=0.1", NULL, 100 },
		{ "gzip, identity", NULL, 1000 },
		{ "gzip", "identity", 999 },
		{ "gz/ip;q=0.1", NULL, 1000 },
		/* other names */
		{ "x-gzip;q=0.5", "gzip", 500 },
		{ "gzip;q=0.5", "x-gzip", 500 },
		{ "X-Compress", "compress", 1000 },
		{ "x-br", "br", 0 },
		{ "GZIP", "gzip", 1000 },
		{ "gzip;q=0, *", "gzip", 0 },
		{ "*, gzip;q=0", "gzip", 0 },
		/* not sent */
		{ NULL, "gzip", 1000 },
		{ NULL, NULL, 1000 },
	};

	judge_all(http_quality_of_encoding, rows, COUNT(rows));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		qualities_have_three_decimals,    specific_types_come_first,
		parameters_narrow_a_type,         malformed_types_are_passed_over,
		languages_are_prefixes,           charsets_are_named_or_any,
		codings_are_named_or_any_or_none,
	};

	return SUITE_RUN("http accept", tests, NULL, NULL);
}
