/* SPDX-License-Identifier: MIT */
/* What the tests of values share. */
#ifndef TESTS_HTTP_VALUES_H
#define TESTS_HTTP_VALUES_H

#include "tests/unit/unit_suite.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* A copy of exactly its size: sanitizers see what is read beyond it.  To be freed. */
static inline char *exact(const char *text)
{
	char *copy = strdup(text);

	ck_assert_ptr_nonnull(copy);
	return copy;
}

#endif
