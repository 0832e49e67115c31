/* SPDX-License-Identifier: MIT */
/* Within the reader of scenarios: the keys of a group. */
#ifndef COMPARE_SCENARIO_ROWS_H
#define COMPARE_SCENARIO_ROWS_H

#include "compare/scenario.h"

struct reading {
	struct scenario *scenario;
	char *why;
	size_t size;
};

/* Reads all of it; false: why says what is wrong. */
bool scenario_group(struct reading *r, const config_setting_t *group);

/* Say what is wrong; always false.  s: what was got, at that place or at its own; NULL: nothing. */
bool scenario_refuse_at(struct reading *r, const config_setting_t *place, const config_setting_t *s,
			const char *key, const char *want);
bool scenario_refuse(struct reading *r, const config_setting_t *s, const char *key,
		     const char *want);

#endif
