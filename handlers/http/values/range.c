/* SPDX-License-Identifier: MIT */
#include "handlers/http/values/range.h"

#include "handlers/http/values/ascii.h"
#include "handlers/http/values/list.h"

#include <string.h>

/* What a part of a multipart takes beside its bytes. */
enum { PART_OVERHEAD = 80 };

/* Reads what is between at and end.  1: a number; 0: nothing; -1: something else.  What is beyond
 * counting becomes the greatest number. */
static int read_number(const char *at, const char *end, int64_t *out)
{
	int any = at < end;

	for (*out = 0; at < end; at++) {
		if (!http_is_digit(*at))
			return -1;
		if (__builtin_mul_overflow(*out, 10, out) ||
		    __builtin_add_overflow(*out, *at - '0', out))
			*out = INT64_MAX;
	}
	return any;
}

/* "FIRST-LAST", "FIRST-" or "-COUNT".  1: a range; 0: it cannot be satisfied; -1: malformed. */
static int read_range(const char *text, size_t n, int64_t size, struct http_range *out)
{
	const char *dash = memchr(text, '-', n);
	int64_t first, last;
	int has_first = dash ? read_number(text, dash, &first) : -1;
	int has_last = dash ? read_number(dash + 1, text + n, &last) : -1;

	if (has_first < 0 || has_last < 0 || (!has_first && !has_last))
		return -1;
	if (!has_first) {
		out->count = last < size ? last : size;
		out->first = size - out->count;
		return last > 0;
	}
	if (has_last && last < first)
		return -1;
	if (first >= size)
		return 0;
	if (!has_last || last >= size)
		last = size - 1;
	*out = (struct http_range) { first, last - first + 1 };
	return 1;
}

static bool are_near(const struct http_range *a, const struct http_range *b)
{
	const struct http_range *low = a->first <= b->first ? a : b, *high = low == a ? b : a;

	return high->first - (low->first + low->count) < PART_OVERHEAD;
}

static struct http_range joined(const struct http_range *a, const struct http_range *b)
{
	int64_t a_end = a->first + a->count, b_end = b->first + b->count;
	int64_t first = a->first < b->first ? a->first : b->first;

	return (struct http_range) { first, (a_end > b_end ? a_end : b_end) - first };
}

/* Adds a range to n others, which are far from each other: those that are near become one with it,
 * in the place of the first of them.  The number of ranges, or -1: one too many. */
static int add_range(struct http_range *set, int n, struct http_range range)
{
	int place = n;

	for (int i = 0; i < n;) {
		if (!are_near(&set[i], &range)) {
			i++;
			continue;
		}
		range = joined(&set[i], &range);
		place = i < place ? i : place;
		n--;
		memmove(&set[i], &set[i + 1], (size_t)(n - i) * sizeof(*set));
		i = 0; /* it has grown, and may be near to one that it was not */
	}
	if (n == HTTP_RANGES_MAX)
		return -1;
	memmove(&set[place + 1], &set[place], (size_t)(n - place) * sizeof(*set));
	set[place] = range;
	return n + 1;
}

int http_ranges_read(const char *value, int64_t size, struct http_range out[HTTP_RANGES_MAX])
{
	const char *item;
	size_t length;
	int64_t left = size; /* what may still be asked for, before anything is joined */
	int n = 0;
	bool any = false;

	if (!value || size < 0 || !http_begins(value, "bytes="))
		return 0;
	value += strlen("bytes=");
	while (http_list_next(&value, &item, &length)) {
		struct http_range range;
		int rc = read_range(item, length, size, &range);

		any = true;
		if (rc == 0)
			continue;
		if (rc < 0 || range.count == 0 || range.count > left)
			return 0;
		left -= range.count;
		n = add_range(out, n, range);
		if (n < 0)
			return 0;
	}
	return n == 0 && any ? -1 : n;
}
