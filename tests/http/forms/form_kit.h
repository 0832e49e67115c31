/* SPDX-License-Identifier: MIT */
/* Checks what a form's parser tells of a body, which must be the same however it is cut. */
#ifndef TESTS_HTTP_FORMS_FORM_KIT_H
#define TESTS_HTTP_FORMS_FORM_KIT_H

#include "tests/http/forms/transcript.h"
#include "tests/unit/unit_suite.h"

static inline void expect_cut(const char *type, const char *body, size_t n, struct cuts cuts,
			      const char *want)
{
	char *got = transcript_of(type, body, n, cuts);

	ck_assert_msg(strcmp(got, want) == 0,
		      "pieces of %zu, seed %u: \"%.2000s\" is not \"%.2000s\"", cuts.piece,
		      cuts.random, got, want);
	free(got);
}

static inline void expect_bytes(const char *type, const char *body, size_t n, const char *want)
{
	expect_cut(type, body, n, (struct cuts) { n + 1, 0 }, want);
	expect_cut(type, body, n, (struct cuts) { 1, 0 }, want);
	for (uint32_t seed = 1; seed <= 40; seed++)
		expect_cut(type, body, n, (struct cuts) { 1 + seed * 2, seed }, want);
}

static inline void expect_form(const char *type, const char *body, const char *want)
{
	expect_bytes(type, body, strlen(body), want);
}

/* A text of n times a byte between two others; to be freed. */
static inline char *stretched(const char *before, char c, size_t n, const char *after)
{
	size_t head = strlen(before), size = head + n + strlen(after) + 1;
	char *text = malloc(size);

	ck_assert_ptr_nonnull(text);
	snprintf(text, size, "%s", before);
	memset(text + head, c, n);
	snprintf(text + head + n, size - head - n, "%s", after);
	return text;
}

#endif
