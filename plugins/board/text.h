/* SPDX-License-Identifier: MIT */
/* What texts are fit to be kept and shown: UTF-8 that does not move a terminal. */
#ifndef BOARD_TEXT_H
#define BOARD_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* 0, -EILSEQ: it is not UTF-8 (RFC 3629); -EINVAL: it has a control character (general category Cc;
 * tab is taken where tabs is true), a line or paragraph separator (Zl, Zp), or one that turns the
 * direction of writing. */
int text_check(const char *text, size_t n, bool tabs);

/* Writes text into out, with U+FFFD for each character that text_check() would refuse, and for each
 * sequence of bytes that is not UTF-8: as much as could have begun a character, or else one byte
 * (Unicode, section 3.9, U+FFFD substitution of maximal subparts).  Line feeds and tabs are kept.
 * out has room for 3 * n + 1 bytes; returns how many were written, without the NUL. */
size_t text_mend(char *out, const char *text, size_t n);

/* Whether it is a name: 1 to STORE_NAME of a-z, A-Z, 0-9, _ and -, the first one a letter. */
bool text_is_name(const char *text);

#endif
