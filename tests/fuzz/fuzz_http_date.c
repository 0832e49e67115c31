/* SPDX-License-Identifier: MIT */
/* Any eight bytes as a time that is written, and the rest as a date that is read at that time. */
#include "tests/fuzz/fuzz.h"

#include "handlers/http/values/date.h"

/* Of the years 0 to 9999, which alone have four digits. */
static const int64_t first = -62167219200, last = 253402300799;

static void write_date(int64_t t, time_t now)
{
	char *out = malloc(HTTP_DATE_SIZE);
	int64_t within = t < first ? first : t > last ? last : t;

	fuzz_expect(out);
	http_date_write(out, (time_t)t);
	fuzz_expect(strlen(out) == HTTP_DATE_SIZE - 1);
	fuzz_expect(http_date_read(out, now) == within);
	free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int64_t now;
	time_t t;
	char *text;

	if (size < sizeof(now))
		return 0;
	memcpy(&now, data, sizeof(now));
	write_date(now, 0);
	text = fuzz_text(data + sizeof(now), size - sizeof(now));
	t = http_date_read(text, (time_t)now);
	if (t != -1 && t >= first && t <= last)
		write_date(t, (time_t)now);
	/* No date is read from part of a text. */
	if (t != -1 && *text) {
		text[strlen(text) - 1] = '\0';
		fuzz_expect(http_date_read(text, (time_t)now) == -1);
	}
	free(text);
	return 0;
}
