/* SPDX-License-Identifier: MIT */
/* The text of a message: of its text parts, decoded; what else is in it is named. */
#ifndef BOARD_ARCHIVE_BODY_H
#define BOARD_ARCHIVE_BODY_H

#include <gmime/gmime.h>
#include <stdbool.h>

/* Appends bytes of a charset as UTF-8; those that are none of its characters become U+FFFD, and
 * mended is set.  Without a charset, or with one that nobody knows, they are taken for UTF-8 as
 * they are. */
void body_append_text(GString *out, const char *charset, const GByteArray *bytes, bool *mended);
/* Appends what the part says; mended: set where bytes could not be decoded. */
void body_append(GString *out, GMimeObject *part, bool *mended);
/* Lines end with a line feed, the last one too; mended as text_mend() does.  Frees text. */
char *body_finish(GString *text, bool *mended);

#endif
