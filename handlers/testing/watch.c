/* SPDX-License-Identifier: MIT */
/*
 * Core counts and logs why a callback ended its connection, and forgets it.  A test wants to know:
 * so core is given the plugin with callbacks that call its own and note what they return.
 */
#include "handlers/testing/testing.h"

static int note(const struct modus_conn *c, int rc)
{
	if (rc < 0)
		client_of(c)->result = rc;
	return rc;
}

static int watch_verify(const struct modus_conn *c)
{
	return note(c, test_of(c)->plugin->verify(c));
}

static int watch_setup(struct modus_conn *c)
{
	return note(c, test_of(c)->plugin->setup(c));
}

static int watch_handle(struct modus_conn *c)
{
	return note(c, test_of(c)->plugin->handle(c));
}

void watch_plugin(struct modus_test *t)
{
	t->watched = *t->plugin;
	if (t->plugin->verify)
		t->watched.verify = watch_verify;
	if (t->plugin->setup)
		t->watched.setup = watch_setup;
	t->watched.handle = watch_handle;
}
