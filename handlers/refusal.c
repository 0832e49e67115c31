/* SPDX-License-Identifier: MIT */
#include "handlers/refusal.h"

#include <errno.h>
#include <stdio.h>

int refuse(const struct refusal *r, const char *format, ...)
{
	int used = snprintf(r->why, r->size, "%s: ", r->file);
	va_list args;

	va_start(args, format);
	if (used >= 0 && (size_t)used < r->size)
		vsnprintf(r->why + used, r->size - (size_t)used, format, args);
	va_end(args);
	return -EINVAL;
}
