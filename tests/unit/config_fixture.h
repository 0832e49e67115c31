/* SPDX-License-Identifier: MIT */
/* What the config reader said, for tests with the kit. */
#ifndef CONFIG_FIXTURE_H
#define CONFIG_FIXTURE_H

#include "tests/unit/config_kit.h"

#include <check.h>

struct said {
	unsigned count;
	char text[16384]; /* a line for each sentence */
};

static void said_report(void *arg, const char *sentence)
{
	struct said *s = arg;

	s->count++;
	ck_assert_uint_lt(strlen(s->text) + strlen(sentence) + 2, sizeof(s->text));
	strcat(strcat(s->text, sentence), "\n");
}

#endif
