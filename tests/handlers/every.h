/* SPDX-License-Identifier: MIT */
/* The fixture every, whose protocol tests/fixtures/README.md tells. */
#ifndef HANDLERS_EVERY_H
#define HANDLERS_EVERY_H

#include "handlers.h"

enum { SEEDS = 12 };

/* With seed -1 nothing varies. */
static inline struct modus_test *begin_every(const char *settings, int seed)
{
	struct modus_test *t = begin(load("FIXTURES", "every"), settings);

	if (seed >= 0)
		modus_test_vary(t, (unsigned)seed);
	return t;
}

static inline struct modus_client *stream(struct modus_test *t)
{
	return modus_test_connect(t, "192.0.2.1:4000", "tcp://192.0.2.9:80");
}

/* One command and what comes back. */
static inline void ask(struct modus_client *k, const char *command, const char *reply)
{
	say(k, command);
	expect(k, reply);
}

#endif
