/* SPDX-License-Identifier: MIT */
/* Writes a JSON string, quoted: what is not ASCII text is escaped byte by byte. */
#ifndef COMPARE_JSON_H
#define COMPARE_JSON_H

#include <stdio.h>

void json_string(FILE *f, const char *s);

#endif
