/* SPDX-License-Identifier: MIT */
/* Names of files in what is sent: any bytes but a slash and NUL may be in one. */
#ifndef FILES_TEXT_H
#define FILES_TEXT_H

#include <modus/http.h>

/* Appends text at *out, which has room for 3 * strlen(text) + 1 bytes, as a part of a URL: all but
 * slashes and what is never reserved is percent-encoded.  Moves *out on to the NUL. */
void text_encode(char **out, const char *text);
/* As above, of the memory of the request; NULL: there is none left. */
char *text_encoded(struct modus_http *h, const char *text);

/* The bytes of the character that text, not empty, begins with; 0: it is none of UTF-8, or one that
 * moves a cursor, and U+FFFD is to stand for its first byte. */
size_t text_character(const char *text);

/* Write text, mended by that. */
int text_write_html(struct modus_http *h, const char *text);
int text_write_json(struct modus_http *h, const char *text); /* with quotes */

#endif
