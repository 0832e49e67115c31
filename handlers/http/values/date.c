/* SPDX-License-Identifier: MIT */
/* By arithmetic alone: what the C library has for it asks the locale and the time zone. */
#include "handlers/http/values/date.h"

#include "handlers/http/values/ascii.h"

#include <stdint.h>
#include <string.h>

enum { DAY = 24 * 60 * 60, YEARS = 10000, ABBREVIATED = 3 };

struct moment {
	int year, month, day; /* month from 0, day from 1 */
	int hour, minute, second;
};

static const char *const weekdays[] = { "Sunday",   "Monday", "Tuesday", "Wednesday",
					"Thursday", "Friday", "Saturday" };
static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
				      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

/* ---- The calendar -----------------------------------------------------------------------------
 */

/* From 1970 to a year's first day.  Counted from 400 years before the year 1, so that nothing
 * negative is divided. */
static int64_t days_before(int year)
{
	int64_t past = (int64_t)year + 399;

	return past * 365 + past / 4 - past / 100 + past / 400 - 865259;
}

static int days_in(int year, int month)
{
	static const signed char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return month == 1 ? (int)(days_before(year + 1) - days_before(year)) - 337 : days[month];
}

static int64_t seconds_of(const struct moment *m)
{
	int64_t days = days_before(m->year) + m->day - 1;

	for (int i = 0; i < m->month; i++)
		days += days_in(m->year, i);
	return days * DAY + m->hour * 3600 + m->minute * 60 + m->second;
}

/* What no year of four digits has becomes the first or the last second that one has. */
static int64_t within_years(int64_t t)
{
	int64_t first = days_before(0) * DAY, last = days_before(YEARS) * DAY - 1;

	return t < first ? first : t > last ? last : t;
}

static struct moment moment_of(int64_t t, int *weekday)
{
	int64_t since = within_years(t) - days_before(0) * DAY, days = since / DAY;
	int left = (int)(since % DAY);
	struct moment m = { .hour = left / 3600, .minute = left / 60 % 60, .second = left % 60 };

	*weekday = (int)((days + 6) % 7); /* the first day of the year 0 is a Saturday */
	days += days_before(0);
	m.year = (int)(since / DAY / 366);
	while (days >= days_before(m.year + 1))
		m.year++;
	days -= days_before(m.year);
	while (days >= days_in(m.year, m.month))
		days -= days_in(m.year, m.month++);
	m.day = (int)days + 1;
	return m;
}

/* ---- Writing ----------------------------------------------------------------------------------
 */

static char *put_text(char *to, const char *text, size_t n)
{
	memcpy(to, text, n);
	return to + n;
}

/* A number, and what is behind it. */
static char *put_number(char *to, int number, int digits, char behind)
{
	for (int i = digits - 1; i >= 0; i--, number /= 10)
		to[i] = (char)('0' + number % 10);
	to[digits] = behind;
	return to + digits + 1;
}

void http_date_write(char out[HTTP_DATE_SIZE], time_t t)
{
	int weekday;
	struct moment m = moment_of(t, &weekday);

	out = put_text(out, weekdays[weekday], ABBREVIATED);
	out = put_text(out, ", ", 2);
	out = put_number(out, m.day, 2, ' ');
	out = put_text(out, months[m.month], ABBREVIATED);
	out = put_text(out, " ", 1);
	out = put_number(out, m.year, 4, ' ');
	out = put_number(out, m.hour, 2, ':');
	out = put_number(out, m.minute, 2, ':');
	out = put_number(out, m.second, 2, ' ');
	put_text(out, "GMT", sizeof("GMT"));
}

/* ---- Reading: letters have their case (RFC 9110 5.6.7), blanks are single ----------------------
 */

static bool take_text(const char **at, const char *text, size_t n)
{
	if (strncmp(*at, text, n))
		return false;
	*at += n;
	return true;
}

static bool take(const char **at, char c)
{
	return take_text(at, &c, 1);
}

static bool take_number(const char **at, int digits, int *out)
{
	*out = 0;
	for (; digits > 0; digits--, ++*at) {
		if (!http_is_digit(**at))
			return false;
		*out = *out * 10 + (**at - '0');
	}
	return true;
}

/* Any weekday, be it the right one or not: it says nothing that the date does not. */
static bool take_weekday(const char **at, bool whole)
{
	for (int i = 0; i < 7; i++)
		if (take_text(at, weekdays[i], whole ? strlen(weekdays[i]) : ABBREVIATED))
			return true;
	return false;
}

static bool take_month(const char **at, int *month)
{
	for (*month = 0; *month < 12; ++*month)
		if (take_text(at, months[*month], ABBREVIATED))
			return true;
	return false;
}

/* A leap second counts as the one before: there is no number for it. */
static bool take_time(const char **at, struct moment *m)
{
	if (!take_number(at, 2, &m->hour) || !take(at, ':') || !take_number(at, 2, &m->minute) ||
	    !take(at, ':') || !take_number(at, 2, &m->second))
		return false;
	if (m->hour > 23 || m->minute > 59 || m->second > 60)
		return false;
	m->second -= m->second == 60;
	return true;
}

/* Sun, 06 Nov 1994 08:49:37 GMT */
static bool read_fixdate(const char *at, struct moment *m)
{
	return take_weekday(&at, false) && take_text(&at, ", ", 2) &&
	       take_number(&at, 2, &m->day) && take(&at, ' ') && take_month(&at, &m->month) &&
	       take(&at, ' ') && take_number(&at, 4, &m->year) && take(&at, ' ') &&
	       take_time(&at, m) && !strcmp(at, " GMT");
}

/* Sunday, 06-Nov-94 08:49:37 GMT */
static bool read_rfc850(const char *at, struct moment *m)
{
	return take_weekday(&at, true) && take_text(&at, ", ", 2) && take_number(&at, 2, &m->day) &&
	       take(&at, '-') && take_month(&at, &m->month) && take(&at, '-') &&
	       take_number(&at, 2, &m->year) && take(&at, ' ') && take_time(&at, m) &&
	       !strcmp(at, " GMT");
}

/* Sun Nov  6 08:49:37 1994 */
static bool read_asctime(const char *at, struct moment *m)
{
	return take_weekday(&at, false) && take(&at, ' ') && take_month(&at, &m->month) &&
	       take(&at, ' ') && take_number(&at, take(&at, ' ') ? 1 : 2, &m->day) &&
	       take(&at, ' ') && take_time(&at, m) && take(&at, ' ') &&
	       take_number(&at, 4, &m->year) && !*at;
}

/* Of a year's last two digits the latest one that is not more than 50 years ahead. */
static void place_year(struct moment *m, time_t now)
{
	int weekday;
	struct moment limit = moment_of(now, &weekday);

	limit.year += 50;
	m->year += limit.year - limit.year % 100;
	if (seconds_of(m) > seconds_of(&limit))
		m->year -= 100;
}

time_t http_date_read(const char *text, time_t now)
{
	struct moment m = { 0 };

	if (read_rfc850(text, &m))
		place_year(&m, now);
	else if (!read_fixdate(text, &m) && !read_asctime(text, &m))
		return -1;
	if (m.day < 1 || m.day > days_in(m.year, m.month))
		return -1;
	return (time_t)seconds_of(&m);
}
