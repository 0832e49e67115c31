/* SPDX-License-Identifier: MIT */
#include "handlers/http/values/date.h"

#include "values.h"

#include <stdint.h>

enum { NOW = 1796083200 }; /* 2026-12-01 */

static time_t read_now(const char *text)
{
	char *copy = exact(text);
	time_t t = http_date_read(copy, NOW);

	free(copy);
	return t;
}

START_TEST(times_are_written_as_fixdates)
{
	static const struct {
		time_t t;
		const char *text;
	} rows[] = {
		{ 784111777, "Sun, 06 Nov 1994 08:49:37 GMT" },
		{ 0, "Thu, 01 Jan 1970 00:00:00 GMT" },
		{ -1, "Wed, 31 Dec 1969 23:59:59 GMT" },
		{ 951782400, "Tue, 29 Feb 2000 00:00:00 GMT" },
		{ 951868799, "Tue, 29 Feb 2000 23:59:59 GMT" },
		{ 951868800, "Wed, 01 Mar 2000 00:00:00 GMT" },
		{ 1709164800, "Thu, 29 Feb 2024 00:00:00 GMT" },
		{ 4107542400, "Mon, 01 Mar 2100 00:00:00 GMT" },
		{ 4107542399, "Sun, 28 Feb 2100 23:59:59 GMT" },
		{ 2147483648, "Tue, 19 Jan 2038 03:14:08 GMT" },
		{ 1735689599, "Tue, 31 Dec 2024 23:59:59 GMT" },
		{ 253402300799, "Fri, 31 Dec 9999 23:59:59 GMT" },
		{ 253402300800, "Fri, 31 Dec 9999 23:59:59 GMT" },
		{ INT64_MAX, "Fri, 31 Dec 9999 23:59:59 GMT" },
		{ -62167219200, "Sat, 01 Jan 0000 00:00:00 GMT" },
		{ -62167219201, "Sat, 01 Jan 0000 00:00:00 GMT" },
		{ INT64_MIN, "Sat, 01 Jan 0000 00:00:00 GMT" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		char out[HTTP_DATE_SIZE];

		http_date_write(out, rows[i].t);
		ck_assert_str_eq(out, rows[i].text);
	}
}
END_TEST

START_TEST(all_three_forms_are_read)
{
	static const struct {
		const char *text;
		time_t t;
	} rows[] = {
		{ "Sun, 06 Nov 1994 08:49:37 GMT", 784111777 },
		{ "Sunday, 06-Nov-94 08:49:37 GMT", 784111777 },
		{ "Sun Nov  6 08:49:37 1994", 784111777 },
		{ "Sun Nov 06 08:49:37 1994", 784111777 },
		{ "Sun Nov 16 08:49:37 1994", 784975777 },
		{ "Thu, 01 Jan 1970 00:00:00 GMT", 0 },
		{ "Wed, 31 Dec 1969 23:59:58 GMT", -2 },
		{ "Sat, 01 Jan 0000 00:00:00 GMT", -62167219200 },
		{ "Fri, 31 Dec 9999 23:59:59 GMT", 253402300799 },
		{ "Tue, 29 Feb 2000 00:00:00 GMT", 951782400 },
		{ "Sat, 31 Dec 2016 23:59:60 GMT", 1483228799 }, /* a leap second */
		{ "Mon, 06 Nov 1994 08:49:37 GMT", 784111777 },  /* it was a Sunday */
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		ck_assert_msg(read_now(rows[i].text) == rows[i].t, "%s", rows[i].text);
}
END_TEST

START_TEST(what_is_no_date_is_refused)
{
	static const char *const wrong[] = {
		"",
		" ",
		"Sun",
		"Sun,",
		"Sun, 06 Nov 1994",
		"Sun, 06 Nov 1994 08:49:37",
		"Sun, 06 Nov 1994 08:49:37 ",
		"Sun, 06 Nov 1994 08:49:37 GM",
		"Sun, 06 Nov 1994 08:49:37 GMT ",
		" Sun, 06 Nov 1994 08:49:37 GMT",
		"Sun, 06 Nov 1994 08:49:37 GMTX",
		"Sun, 06 Nov 1994 08:49:37 UTC",
		"Sun, 06 Nov 1994 08:49:37 +0000",
		"Sun, 06 Nov 1994 08:49:37 gmt",
		"sun, 06 Nov 1994 08:49:37 GMT",
		"SUN, 06 NOV 1994 08:49:37 GMT",
		"Sun, 06 nov 1994 08:49:37 GMT",
		"Sun,06 Nov 1994 08:49:37 GMT",
		"Sun,  06 Nov 1994 08:49:37 GMT",
		"Sun, 06  Nov 1994 08:49:37 GMT",
		"Sun, 06 Nov  1994 08:49:37 GMT",
		"Sun, 06 Nov 1994  08:49:37 GMT",
		"Sun, 06 Nov 1994\t08:49:37 GMT",
		"Sun, 6 Nov 1994 08:49:37 GMT",
		"Sun,  6 Nov 1994 08:49:37 GMT",
		"Sun, 006 Nov 1994 08:49:37 GMT",
		"Sun, +6 Nov 1994 08:49:37 GMT",
		"Sun, 06 Nov 94 08:49:37 GMT",
		"Sun, 06 Nov 01994 08:49:37 GMT",
		"Sun, 06 Nov -994 08:49:37 GMT",
		"Sun, 06-Nov-1994 08:49:37 GMT",
		"Sun, 06 Nov 1994 8:49:37 GMT",
		"Sun, 06 Nov 1994 08:49 GMT",
		"Sun, 06 Nov 1994 08-49-37 GMT",
		"Sun, 06 Nov 1994 24:00:00 GMT",
		"Sun, 06 Nov 1994 08:60:37 GMT",
		"Sun, 06 Nov 1994 08:49:61 GMT",
		"Sun, 06 Nov 1994 08:49:3a GMT",
		"Sun, 00 Nov 1994 08:49:37 GMT",
		"Wed, 31 Nov 1994 08:49:37 GMT",
		"Wed, 30 Feb 1994 08:49:37 GMT",
		"Wed, 29 Feb 1900 08:49:37 GMT",
		"Wed, 29 Feb 2023 08:49:37 GMT",
		"Wed, 32 Dec 2023 08:49:37 GMT",
		"Wed, 99 Jan 2023 08:49:37 GMT",
		"Xxx, 06 Nov 1994 08:49:37 GMT",
		"Sun, 06 Xxx 1994 08:49:37 GMT",
		"Sun, 06 November 1994 08:49:37 GMT",
		"Sunday, 06 Nov 1994 08:49:37 GMT",
		"Sun, 06-Nov-94 08:49:37 GMT",
		"Sunday, 06-Nov-1994 08:49:37 GMT",
		"Sunday, 6-Nov-94 08:49:37 GMT",
		"Sunday, 31-Feb-94 08:49:37 GMT",
		"Sunday, 06-Nov-94 08:49:37",
		"Sunday, 06-Nov-94 08:49:37 GMTGMT",
		"Sun Nov 6 08:49:37 1994",
		"Sun Nov   6 08:49:37 1994",
		"Sun Nov  6 08:49:37 94",
		"Sun Nov  6 08:49:37 1994 GMT",
		"Sun Nov  6 08:49:37 1994 ",
		"Sun Nov  0 08:49:37 1994",
		"Sun Nov 31 08:49:37 1994",
		"784111777",
		"1994-11-06T08:49:37Z",
		"Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
	};

	for (size_t i = 0; i < COUNT(wrong); i++)
		ck_assert_msg(read_now(wrong[i]) == -1, "\"%s\"", wrong[i]);
}
END_TEST

/* Each byte of a date has its meaning: none can be left out, doubled, or be another. */
START_TEST(no_byte_of_a_date_may_differ)
{
	static const char *const right[] = { "Sun, 06 Nov 1994 08:49:37 GMT",
					     "Sunday, 06-Nov-94 08:49:37 GMT",
					     "Sun Nov 16 08:49:37 1994" };

	for (size_t i = 0; i < COUNT(right); i++) {
		for (size_t at = 0; right[i][at]; at++) {
			char text[40];

			strcpy(text, right[i]);
			text[at] = '~';
			ck_assert_msg(read_now(text) == -1, "%s", text);
			strcpy(text + at, right[i] + at + 1);
			ck_assert_msg(read_now(text) == -1, "%s", text);
			strcpy(text + at, "9");
			strcpy(text + at + 1, right[i] + at);
			ck_assert_msg(read_now(text) == -1, "%s", text);
			text[at] = '\0';
			ck_assert_msg(read_now(text) == -1, "%s", text);
		}
	}
}
END_TEST

static const char *year_of(const char *text, const char *now)
{
	static char out[HTTP_DATE_SIZE];

	http_date_write(out, http_date_read(text, http_date_read(now, 0)));
	out[16] = '\0';
	return out + 12;
}

START_TEST(two_digits_are_at_most_50_years_ahead)
{
	static const char *const rows[][3] = {
		/* now, date, year */
		{ "Tue, 01 Dec 2026 12:00:00 GMT", "Tuesday, 01-Dec-26 12:00:00 GMT", "2026" },
		{ "Tue, 01 Dec 2026 12:00:00 GMT", "Tuesday, 01-Dec-76 12:00:00 GMT", "2076" },
		{ "Tue, 01 Dec 2026 12:00:00 GMT", "Tuesday, 01-Dec-76 12:00:01 GMT", "1976" },
		{ "Tue, 01 Dec 2026 12:00:00 GMT", "Tuesday, 30-Nov-76 23:00:00 GMT", "2076" },
		{ "Tue, 01 Dec 2026 12:00:00 GMT", "Tuesday, 02-Dec-76 00:00:00 GMT", "1976" },
		{ "Tue, 01 Dec 2026 12:00:00 GMT", "Tuesday, 01-Jan-77 00:00:00 GMT", "1977" },
		{ "Tue, 01 Dec 2026 12:00:00 GMT", "Tuesday, 01-Jan-99 00:00:00 GMT", "1999" },
		{ "Tue, 01 Dec 2026 12:00:00 GMT", "Tuesday, 01-Jan-00 00:00:00 GMT", "2000" },
		{ "Fri, 31 Dec 1999 12:00:00 GMT", "Tuesday, 01-Jan-00 00:00:00 GMT", "2000" },
		{ "Fri, 31 Dec 1999 12:00:00 GMT", "Tuesday, 01-Jan-49 00:00:00 GMT", "2049" },
		{ "Fri, 31 Dec 1999 12:00:00 GMT", "Tuesday, 01-Jan-50 00:00:00 GMT", "1950" },
		{ "Fri, 31 Dec 1999 12:00:00 GMT", "Tuesday, 31-Dec-99 12:00:01 GMT", "1999" },
		{ "Thu, 29 Feb 2024 12:00:00 GMT", "Tuesday, 28-Feb-74 12:00:01 GMT", "2074" },
		{ "Thu, 29 Feb 2024 12:00:00 GMT", "Tuesday, 02-Mar-74 12:00:01 GMT", "1974" },
		{ "Sun, 01 Jan 2090 00:00:00 GMT", "Tuesday, 01-Jan-20 00:00:00 GMT", "2120" },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		ck_assert_msg(!strcmp(year_of(rows[i][1], rows[i][0]), rows[i][2]), "%s at %s: %s",
			      rows[i][1], rows[i][0], year_of(rows[i][1], rows[i][0]));
	/* 2100 has no such day, 2000 had. */
	ck_assert_int_eq(http_date_read("Monday, 29-Feb-00 00:00:00 GMT", 4107542400), -1);
	ck_assert_int_eq(http_date_read("Tuesday, 29-Feb-00 00:00:00 GMT", NOW), 951782400);
	ck_assert_int_ne(http_date_read("Tuesday, 01-Jan-00 00:00:00 GMT", (time_t)INT64_MAX), -1);
	ck_assert_int_ne(http_date_read("Tuesday, 01-Jan-00 00:00:00 GMT", (time_t)INT64_MIN), -1);
}
END_TEST

/* Each day of 800 years, at another time of the day.  Check notes each assertion, which takes a
 * while. */
START_TEST(what_was_written_is_read_again)
{
	char out[HTTP_DATE_SIZE];

	for (time_t t = -12622780800; t < 12622780800; t += 86400 + 37) {
		http_date_write(out, t);
		if (strlen(out) != HTTP_DATE_SIZE - 1 || http_date_read(out, NOW) != t)
			ck_abort_msg("%s", out);
	}
}
END_TEST

/* The C library's own calendar, with which the other one has nothing in common. */
START_TEST(the_calendar_is_that_of_the_library)
{
	char out[HTTP_DATE_SIZE], theirs[64];

	for (time_t t = -62167219200; t < 253402300800; t += 86400 * 13 + 3671) {
		struct tm tm;
		size_t n;

		if (!gmtime_r(&t, &tm))
			ck_abort();
		http_date_write(out, t);
		n = strftime(theirs, sizeof(theirs), "%a, %d %b ", &tm);
		if (strncmp(out, theirs, n) != 0 || atoi(out + n) != tm.tm_year + 1900)
			ck_abort_msg("%s", out);
		strftime(theirs, sizeof(theirs), " %H:%M:%S GMT", &tm);
		if (strcmp(out + n + 4, theirs) != 0)
			ck_abort_msg("%s", out);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		times_are_written_as_fixdates,       all_three_forms_are_read,
		what_is_no_date_is_refused,          two_digits_are_at_most_50_years_ahead,
		no_byte_of_a_date_may_differ,        what_was_written_is_read_again,
		the_calendar_is_that_of_the_library,
	};

	return SUITE_RUN("http date", tests, NULL, NULL);
}
