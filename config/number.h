/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_NUMBER_H
#define CONFIG_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

struct reader;

enum number_verdict {
	NUMBER_FINE,
	NUMBER_CHANGED, /* libconfig would take it for another number; reported */
	NUMBER_WRONG,   /* it is no number; reported */
};

bool number_is_hex(const char *number);
enum number_verdict number_check(struct reader *r, int line, const char *key, const char *number,
				 size_t length);

#endif
