/* SPDX-License-Identifier: MIT */
/* Sizes and times as texts: "64K", "250ms"; and as numbers that libconfig reads as they are. */
#ifndef CONFIG_UNITS_H
#define CONFIG_UNITS_H

#include <stdbool.h>
#include <stdint.h>

enum { UNITS_TEXT_MAX = 32 };

bool units_parse_bytes(const char *text, int64_t *bytes); /* "64K", "1M", "2G": powers of 1024 */
bool units_parse_time(const char *text, int64_t *ms);     /* "250ms", "15s", "2m", "1h" */

const char *units_number(int64_t n, char text[UNITS_TEXT_MAX]);    /* ends in L beyond 32 bits */
const char *units_bytes(int64_t bytes, char text[UNITS_TEXT_MAX]); /* 64K; without a suffix: 100 */
const char *units_seconds(int64_t ms, char text[UNITS_TEXT_MAX]);  /* 0.25 */

#endif
