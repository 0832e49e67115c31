/* SPDX-License-Identifier: MIT */
/* Message-IDs, in one form wherever they stand: without brackets and blanks, not too long. */
#ifndef BOARD_ARCHIVE_IDS_H
#define BOARD_ARCHIVE_IDS_H

#include <gmime/gmime.h>

/* The id in the text of a header, or NULL; broken ones are taken as they are.  The caller frees it.
 */
char *ids_one(const char *header);
/* The id of a message that has none: the same for the same bytes. */
char *ids_made(const char *data, size_t n);
/* What a message answers, the nearest first, from both of its headers, either NULL. */
GPtrArray *ids_answered(const char *in_reply_to, const char *references);

#endif
