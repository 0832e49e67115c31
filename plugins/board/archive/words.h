/* SPDX-License-Identifier: MIT */
/* The encoded words of a header (RFC 2047). */
#ifndef BOARD_ARCHIVE_WORDS_H
#define BOARD_ARCHIVE_WORDS_H

#include <stdbool.h>

/* The header with its encoded words in UTF-8, and U+FFFD in the place of what cannot be decoded,
 * where GMime would put a question mark; mended: set where there was such.  The caller frees it. */
char *words_mend(const char *header, bool *mended);

#endif
