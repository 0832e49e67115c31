/* SPDX-License-Identifier: MIT */
/*
 * Any text as pairs in memory; and as a form that comes in pieces, in which the same is found, but
 * for what only one of them refuses: NUL in values, or names and numbers beyond the limits.
 */
#include "handlers/http/forms/form.h"
#include "tests/fuzz/http_form_cuts.h"

#define FORM "application/x-www-form-urlencoded"

struct found {
	struct transcript text;
	int rc;
	bool over; /* the limits of a form */
};

static void note(struct found *f, const char *name, const char *value)
{
	f->over = f->over || strlen(name) > URLENCODED_NAME;
	transcript_say(&f->text, "[", name);
	transcript_say(&f->text, "|-|text/plain|", value);
	transcript_say(&f->text, "]", "");
}

static struct found find(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *at = text, *name, *value;
	const char *end = text + strlen(text), *before = text;
	struct found f = { 0 };
	unsigned count = 0;

	transcript_say(&f.text, "", "");
	while ((f.rc = http_pair_next(&at, &name, &value)) == 1) {
		fuzz_expect(at > before && at <= end && before <= name && name < value + 1);
		fuzz_expect(value + strlen(value) <= at);
		before = at;
		count++;
		note(&f, name, value);
	}
	fuzz_expect(at <= end && (f.rc != 0 || at == end));
	f.over = f.over || count > FORM_PARTS;
	free(text);
	return f;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct transcript form = expect_any_cuts(FORM, (const char *)data, size);
	struct found f = find(data, size);
	bool whole = !size || !memchr(data, '\0', size);

	if (whole && f.rc == 0 && !f.over) {
		transcript_say(&f.text, ".", "");
		fuzz_expect(f.text.len == form.len);
	}
	if (whole && !f.over)
		fuzz_expect(form.len >= f.text.len &&
			    memcmp(form.text, f.text.text, f.text.len) == 0);
	free(f.text.text);
	free(form.text);
	return 0;
}
