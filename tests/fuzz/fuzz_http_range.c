/* SPDX-License-Identifier: MIT */
/* Any text as a Range of a representation of any size, which the first eight bytes say. */
#include "tests/fuzz/fuzz.h"

#include "handlers/http/values/range.h"

#include <inttypes.h>

static void expect_within(const struct http_range *r, int64_t size)
{
	fuzz_expect(r->first >= 0 && r->count > 0 && r->first < size);
	fuzz_expect(r->count <= size - r->first);
}

/* Those that are nearer than the overhead of a part must have become one. */
static void expect_apart(const struct http_range *a, const struct http_range *b)
{
	if (a->first < b->first)
		fuzz_expect(b->first - a->first - a->count >= 80);
	else
		fuzz_expect(a->first - b->first - b->count >= 80);
}

/* What was read, written and read again, is the same. */
static void read_again(const struct http_range *ranges, int n, int64_t size)
{
	struct http_range again[HTTP_RANGES_MAX];
	char text[HTTP_RANGES_MAX * 48] = "bytes=";
	size_t used = strlen(text);

	for (int i = 0; i < n; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "%" PRId64 "-%" PRId64 ",", ranges[i].first,
					 ranges[i].first + ranges[i].count - 1);
	fuzz_expect(http_ranges_read(text, size, again) == n);
	for (int i = 0; i < n; i++)
		fuzz_expect(again[i].first == ranges[i].first && again[i].count == ranges[i].count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http_range ranges[HTTP_RANGES_MAX];
	int64_t bytes;
	char *text;
	int n;

	if (size < sizeof(bytes))
		return 0;
	memcpy(&bytes, data, sizeof(bytes));
	text = fuzz_text(data + sizeof(bytes), size - sizeof(bytes));
	n = http_ranges_read(text, bytes, ranges);
	fuzz_expect(n >= -1 && n <= HTTP_RANGES_MAX);
	fuzz_expect(n == 0 || bytes >= 0);
	for (int i = 0; i < n; i++) {
		expect_within(&ranges[i], bytes);
		for (int j = 0; j < i; j++)
			expect_apart(&ranges[i], &ranges[j]);
	}
	if (n > 0)
		read_again(ranges, n, bytes);
	free(text);
	return 0;
}
