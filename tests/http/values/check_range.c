/* SPDX-License-Identifier: MIT */
#include "handlers/http/values/range.h"

#include "values.h"

#include <inttypes.h>
#include <stdio.h>

static struct http_range ranges[HTTP_RANGES_MAX];

/* The ranges as "FIRST+COUNT ", or the number that says that there are none. */
static const char *read_ranges(const char *value, int64_t size)
{
	static char out[1024];
	char *copy = exact(value);
	int n = http_ranges_read(copy, size, ranges);
	size_t used = 0;

	free(copy);
	if (n <= 0)
		snprintf(out, sizeof(out), "%d", n);
	for (int i = 0; i < n; i++)
		used += (size_t)snprintf(out + used, sizeof(out) - used, "%" PRId64 "+%" PRId64 " ",
					 ranges[i].first, ranges[i].count);
	return out;
}

struct row {
	const char *value;
	int64_t size;
	const char *out;
};

static void read_all(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		ck_assert_msg(!strcmp(read_ranges(rows[i].value, rows[i].size), rows[i].out),
			      "%s of %" PRId64 ": %s, not %s", rows[i].value, rows[i].size,
			      read_ranges(rows[i].value, rows[i].size), rows[i].out);
}

START_TEST(one_range_is_read)
{
	static const struct row rows[] = {
		/* RFC 9110 14.1.2 */
		{ "bytes=0-499", 10000, "0+500 " },
		{ "bytes=500-999", 10000, "500+500 " },
		{ "bytes=-500", 10000, "9500+500 " },
		{ "bytes=9500-", 10000, "9500+500 " },
		/* edges */
		{ "bytes=0-", 10000, "0+10000 " },
		{ "bytes=0-0", 1, "0+1 " },
		{ "bytes=0-0", 10000, "0+1 " },
		{ "bytes=-1", 10000, "9999+1 " },
		{ "bytes=9999-", 10000, "9999+1 " },
		{ "bytes=9999-9999", 10000, "9999+1 " },
		{ "bytes=9999-10000", 10000, "9999+1 " },
		{ "bytes=0-10000", 10000, "0+10000 " },
		{ "bytes=-10000", 10000, "0+10000 " },
		{ "bytes=-10001", 10000, "0+10000 " },
		{ "bytes=000-0009", 10000, "0+10 " },
		{ "BYTES=1-2", 10000, "1+2 " },
		{ "bytes= 1-2 ", 10000, "1+2 " },
		{ "bytes=,1-2,,", 10000, "1+2 " },
	};

	read_all(rows, COUNT(rows));
}
END_TEST

START_TEST(numbers_do_not_overflow)
{
	static const struct row rows[] = {
		{ "bytes=0-9223372036854775807", 10, "0+10 " },
		{ "bytes=0-9223372036854775808", 10, "0+10 " },
		{ "bytes=0-18446744073709551616", 10, "0+10 " },
		{ "bytes=0-99999999999999999999999999999999999999", 10, "0+10 " },
		{ "bytes=-99999999999999999999999999999999999999", 10, "0+10 " },
		{ "bytes=9223372036854775808-", 10, "-1" },
		{ "bytes=18446744073709551617-", 10, "-1" },
		{ "bytes=99999999999999999999-99999999999999999999", 10, "-1" },
		{ "bytes=0-", INT64_MAX, "0+9223372036854775807 " },
		{ "bytes=0-9223372036854775807", INT64_MAX, "0+9223372036854775807 " },
		{ "bytes=9223372036854775806-", INT64_MAX, "9223372036854775806+1 " },
		{ "bytes=9223372036854775807-", INT64_MAX, "-1" },
		{ "bytes=-9223372036854775807", INT64_MAX, "0+9223372036854775807 " },
		{ "bytes=0-0,-1", INT64_MAX, "0+1 9223372036854775806+1 " },
		{ "bytes=-1,9223372036854775700-9223372036854775800", INT64_MAX,
		  "9223372036854775700+107 " },
	};

	read_all(rows, COUNT(rows));
}
END_TEST

START_TEST(what_is_no_range_is_ignored)
{
	static const char *const wrong[] = {
		"",
		"bytes",
		"bytes=",
		"bytes= ",
		"bytes=,",
		"bytes=-",
		"bytes=--5",
		"bytes=5",
		"bytes=a-b",
		"bytes=0x1-2",
		"bytes=1-2-3",
		"bytes=1 - 2",
		"bytes=1- 2",
		"bytes=1 -2",
		"bytes=- 5",
		"bytes=+1-2",
		"bytes=1-+2",
		"bytes=1.0-2",
		"bytes=2-1",
		"bytes=20000-10000",
		"bytes=0-1;2-3",
		"bytes=0-1 2-3",
		"bytes=\"0-1\"",
		"bytes=0-1,x",
		"bytes=0-1,5-2",
		"bytes=20000-,x",
		"bytes =0-1",
		" bytes=0-1",
		"bytes:0-1",
		"byte=0-1",
		"bytess=0-1",
		"items=0-1",
		"seconds=1-2",
		"0-1",
		"=0-1",
	};

	for (size_t i = 0; i < COUNT(wrong); i++)
		ck_assert_msg(!strcmp(read_ranges(wrong[i], 10000), "0"), "%s: %s", wrong[i],
			      read_ranges(wrong[i], 10000));
	ck_assert_int_eq(http_ranges_read(NULL, 10000, ranges), 0);
	ck_assert_int_eq(http_ranges_read("bytes=0-1", -1, ranges), 0);
}
END_TEST

START_TEST(what_is_not_there_is_not_satisfied)
{
	static const struct row rows[] = {
		{ "bytes=10000-", 10000, "-1" },
		{ "bytes=10000-10001", 10000, "-1" },
		{ "bytes=-0", 10000, "-1" },
		{ "bytes=-0,10000-", 10000, "-1" },
		{ "bytes=10000-,0-1", 10000, "0+2 " },
		{ "bytes=-0,0-1,20000-", 10000, "0+2 " },
		/* nothing is there */
		{ "bytes=0-", 0, "-1" },
		{ "bytes=0-0", 0, "-1" },
		{ "bytes=-0", 0, "-1" },
		{ "bytes=-1", 0, "0" },
		{ "bytes=-5", 0, "0" },
		{ "bytes=0-,-5", 0, "0" },
	};

	read_all(rows, COUNT(rows));
}
END_TEST

START_TEST(several_ranges_keep_their_order)
{
	static const struct row rows[] = {
		{ "bytes=0-0,-1", 10000, "0+1 9999+1 " },
		{ "bytes= 0-999, 4500-5499, -1000", 10000, "0+1000 4500+1000 9000+1000 " },
		{ "bytes=-1,0-0", 10000, "9999+1 0+1 " },
		{ "bytes=5000-5009,1000-1009,3000-3009", 10000, "5000+10 1000+10 3000+10 " },
		{ "bytes=0-0 ,\t200-200 , , 400-400", 10000, "0+1 200+1 400+1 " },
	};

	read_all(rows, COUNT(rows));
}
END_TEST

START_TEST(near_ranges_become_one)
{
	static const struct row rows[] = {
		/* RFC 9110 14.1.2: the second 500 bytes, in other words */
		{ "bytes=500-600,601-999", 10000, "500+500 " },
		{ "bytes=500-700,601-999", 10000, "500+500 " },
		{ "bytes=0-99,50-149", 10000, "0+150 " },
		{ "bytes=50-149,0-99", 10000, "0+150 " },
		{ "bytes=0-99,10-19", 10000, "0+100 " },
		{ "bytes=10-19,0-99", 10000, "0+100 " },
		{ "bytes=0-9,0-9", 10000, "0+10 " },
		/* 79 bytes between, and 80 */
		{ "bytes=0-0,80-80", 10000, "0+81 " },
		{ "bytes=0-0,81-81", 10000, "0+1 81+1 " },
		{ "bytes=80-80,0-0", 10000, "0+81 " },
		{ "bytes=81-81,0-0", 10000, "81+1 0+1 " },
		/* one that joins others, in the place of the first of them */
		{ "bytes=0-9,1000-1009,10-999", 10000, "0+1010 " },
		{ "bytes=5000-5009,0-9,1000-1009,10-999", 10000, "5000+10 0+1010 " },
		{ "bytes=0-9,5000-5009,1000-1009,10-999", 10000, "0+1010 5000+10 " },
		{ "bytes=1000-1009,5000-5009,0-9,10-999", 10000, "0+1010 5000+10 " },
		{ "bytes=0-0,160-160,320-320,80-80", 10000, "0+161 320+1 " },
		{ "bytes=0-0,160-160,320-320,80-80,240-240", 10000, "0+321 " },
	};

	read_all(rows, COUNT(rows));
}
END_TEST

START_TEST(more_than_all_is_not_sent)
{
	static const struct row rows[] = {
		{ "bytes=0-,0-", 10000, "0" },
		{ "bytes=0-,-1", 10000, "0" },
		{ "bytes=0-4999,5000-9999", 10000, "0+10000 " },
		{ "bytes=0-4999,4999-9999", 10000, "0" },
		{ "bytes=0-0,0-0", 1, "0" },
		{ "bytes=0-,0-", INT64_MAX, "0" },
	};

	read_all(rows, COUNT(rows));
}
END_TEST

/* "bytes=0-0,STEP-STEP,2*STEP-2*STEP..." */
static const char *many(int count, int step)
{
	static char out[1 << 17];
	size_t used = (size_t)snprintf(out, sizeof(out), "bytes=");

	for (int i = 0; i < count; i++)
		used += (size_t)snprintf(out + used, sizeof(out) - used, "%s%d-%d", i ? "," : "",
					 i * step, i * step);
	return out;
}

START_TEST(many_ranges_are_an_abuse)
{
	ck_assert_int_eq(http_ranges_read(many(16, 100), 100000, ranges), 16);
	ck_assert_int_eq(ranges[15].first, 1500);
	ck_assert_int_eq(http_ranges_read(many(17, 100), 100000, ranges), 0);
	ck_assert_int_eq(http_ranges_read(many(5000, 1000), 100000000, ranges), 0);
	/* They are counted when they are joined. */
	ck_assert_int_eq(http_ranges_read(many(1000, 10), 100000, ranges), 1);
	ck_assert_int_eq(ranges[0].first, 0);
	ck_assert_int_eq(ranges[0].count, 9991);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		one_range_is_read,
		numbers_do_not_overflow,
		what_is_no_range_is_ignored,
		what_is_not_there_is_not_satisfied,
		several_ranges_keep_their_order,
		near_ranges_become_one,
		more_than_all_is_not_sent,
		many_ranges_are_an_abuse,
	};

	return SUITE_RUN("http range", tests, NULL, NULL);
}
