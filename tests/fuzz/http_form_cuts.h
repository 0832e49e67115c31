/* SPDX-License-Identifier: MIT */
/* What a form's parser finds must not depend on how the body is cut. */
#ifndef TESTS_HTTP_FUZZ_FORM_CUTS_H
#define TESTS_HTTP_FUZZ_FORM_CUTS_H

#include "tests/fuzz/fuzz.h"
#include "tests/http/forms/transcript.h"

static inline void expect_cut(const char *type, const char *body, size_t n, struct cuts cuts,
			      const struct transcript *want)
{
	struct transcript got = transcript_take(type, body, n, cuts);

	fuzz_expect(got.len == want->len && memcmp(got.text, want->text, got.len) == 0);
	free(got.text);
}

/* What is found in the whole; its text is to be freed. */
static inline struct transcript expect_any_cuts(const char *type, const char *body, size_t n)
{
	struct transcript want = transcript_take(type, body, n, (struct cuts) { n + 1, 0 });

	expect_cut(type, body, n, (struct cuts) { 1, 0 }, &want);
	expect_cut(type, body, n, (struct cuts) { 2, 0 }, &want);
	for (uint32_t seed = 1; seed <= 4; seed++)
		expect_cut(type, body, n, (struct cuts) { seed * 8, seed + (uint32_t)n }, &want);
	return want;
}

#endif
