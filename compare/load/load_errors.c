/* SPDX-License-Identifier: MIT */
#include "compare/load/load.h"

const char *const load_error_names[LOAD_ERRORS] = {
	[LOAD_REFUSED] = "refused",     [LOAD_CONNECT] = "not connected",
	[LOAD_RESET] = "reset",         [LOAD_CLOSED] = "closed early",
	[LOAD_TRUNCATED] = "cut short", [LOAD_WRONG] = "wrong bytes",
	[LOAD_TIMEOUT] = "timeout",     [LOAD_LOST] = "lost",
};
const char *const load_mode_names[] = { [LOAD_KEEP] = "keep", [LOAD_CLOSE] = "close", NULL };

uint64_t load_errors_sum(const struct load_errors *e)
{
	uint64_t sum = 0;

	for (int i = 0; i < LOAD_ERRORS; i++)
		sum += e->count[i];
	return sum;
}

uint64_t load_errors_wrong(const struct load_errors *e)
{
	return e->count[LOAD_WRONG] + e->count[LOAD_TRUNCATED];
}

void load_errors_add(struct load_errors *into, const struct load_errors *from)
{
	for (int i = 0; i < LOAD_ERRORS; i++) {
		into->count[i] += from->count[i];
		if (from->number[i])
			into->number[i] = from->number[i];
	}
}
