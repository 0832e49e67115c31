/* SPDX-License-Identifier: MIT */
/* What the tests of handlers share. */
#ifndef HANDLERS_H
#define HANDLERS_H

#include <check.h>
#include <errno.h>
#include <modus/test.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A service that must begin. */
static inline struct modus_test *begin(const struct modus_plugin *p, const char *settings)
{
	struct modus_test *t = modus_test_begin(p, settings);

	ck_assert_ptr_nonnull(t);
	return t;
}

static inline void say(struct modus_client *k, const char *text)
{
	modus_client_send(k, text, strlen(text));
}

static inline void expect(struct modus_client *k, const char *text)
{
	ck_assert_str_eq(modus_client_received(k, NULL), text);
}

static inline void expect_state(const struct modus_client *k, enum modus_client_state state,
				int error)
{
	int got;

	ck_assert_int_eq(modus_client_state(k, &got), state);
	ck_assert_int_eq(got, error);
}

/* A plugin that lies in the folder that the environment's variable names. */
static inline const struct modus_plugin *load(const char *folder, const char *name)
{
	const char *dir = getenv(folder);
	char file[4096];
	const struct modus_plugin *p;

	ck_assert_msg(dir != NULL, "%s is not set", folder);
	snprintf(file, sizeof(file), "%s/%s.so", dir, name);
	p = modus_test_load(file);
	ck_assert_ptr_nonnull(p);
	return p;
}

/* Runs the suite as main() does. */
static inline int run(Suite *s)
{
	SRunner *r = srunner_create(s);
	int failed;

	srunner_run_all(r, CK_ENV);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
