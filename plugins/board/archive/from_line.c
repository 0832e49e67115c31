/* SPDX-License-Identifier: MIT */
#include "from_line.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { LONGEST = 500, ADDRESS = 5 };

/* Reads seconds, where there are any. */
static const char *read_seconds(const char *at, struct tm *tm)
{
	tm->tm_sec = 0;
	return *at == ':' ? strptime(at, ":%S", tm) : at;
}

/* "+0100" in seconds; other zones are taken for UTC. */
static int64_t zone_of(const char *at)
{
	int hours, minutes;
	char sign;

	if (sscanf(at, " %c%2d%2d", &sign, &hours, &minutes) != 3 || !strchr("+-", sign))
		return 0;
	return (hours * 60 + minutes) * (sign == '+' ? 60 : -60);
}

/* What follows hours and minutes in asctime()'s order: seconds, a zone, the year, a zone. */
static bool read_rest(const char *at, struct tm *tm, int64_t *zone)
{
	const char *year;

	at = read_seconds(at, tm);
	if (!at)
		return false;
	*zone = zone_of(at);
	at += strspn(at, " ");
	if (!isdigit((unsigned char)*at))
		at += strcspn(at, " ");
	year = strptime(at, " %Y", tm);
	if (year && !*zone)
		*zone = zone_of(year);
	return year != NULL;
}

static bool read_date(const char *at, int64_t *date)
{
	struct tm tm = { 0 };
	int64_t zone = 0;
	const char *rest = strptime(at, " %a %b %d %H:%M", &tm);

	if (!rest || !read_rest(rest, &tm, &zone)) {
		tm = (struct tm) { 0 };
		rest = strptime(at, " %a, %d %b %Y %H:%M", &tm);
		rest = rest ? read_seconds(rest, &tm) : NULL;
		zone = rest ? zone_of(rest) : 0;
	}
	if (rest)
		*date = timegm(&tm) - zone;
	return rest != NULL;
}

bool from_line_date(const char *line, size_t n, int64_t *date)
{
	char text[LONGEST + 1];

	snprintf(text, sizeof(text), "%.*s", (int)(n < LONGEST ? n : LONGEST), line);
	for (const char *at = strchr(text, ' '); at; at = strchr(at + 1, ' '))
		if (read_date(at, date))
			return true;
	return false;
}

static size_t word(const char *line, size_t n)
{
	size_t end = ADDRESS;

	while (end < n && !isspace((unsigned char)line[end]))
		end++;
	return end - ADDRESS;
}

bool from_line_has_address(const char *line, size_t n)
{
	return n > ADDRESS && memchr(line + ADDRESS, '@', word(line, n));
}

void from_line_address(const char *line, size_t n, char *out, size_t size)
{
	size_t length = n > ADDRESS ? word(line, n) : 0;

	length = length < size ? length : size - 1;
	memcpy(out, line + ADDRESS, length);
	out[length] = '\0';
}
