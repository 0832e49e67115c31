/* SPDX-License-Identifier: MIT */
/* Several texts in one input, each on a line of its own. */
#ifndef TESTS_HTTP_FUZZ_LINES_H
#define TESTS_HTTP_FUZZ_LINES_H

#include "tests/fuzz/fuzz.h"

/* The next line as a text of its own, so that tools see what is read beyond it; NULL where there is
 * none, or it is "-".  To be freed. */
static inline char *next_line(const uint8_t **data, size_t *size)
{
	const uint8_t *begin = *data, *end = memchr(begin, '\n', *size);
	size_t n = end ? (size_t)(end - begin) : *size;

	*data += n + (end != NULL);
	*size -= n + (end != NULL);
	if (n == 0 && !end)
		return NULL;
	if (n == 1 && *begin == '-')
		return NULL;
	return fuzz_text(begin, n);
}

#endif
