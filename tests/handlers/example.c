/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <errno.h>
#include <modus/test.h>
#include <string.h>

/* A handler that answers each line with its length. */
static int length_handle(struct modus_conn *c)
{
	size_t len;
	char *line = modus_readline(c, 1000, &len);

	if (!line)
		return modus_error(c) ? modus_error(c) : MODUS_CLOSE;
	return modus_printf(c, "%zu\n", len);
}

MODUS_PLUGIN(.name = "length", .summary = "tells how long a line is",
	     .flags = MODUS_STREAM | MODUS_REENTRANT, .handle = length_handle);

static void dialogue(unsigned seed)
{
	struct modus_test *t = modus_test_begin(&modus_plugin_descriptor, "");
	struct modus_client *k;
	int error;

	assert(t);
	modus_test_vary(t, seed);
	k = modus_test_connect(t, "192.0.2.1:4000", "tcp://");
	modus_client_send(k, "four\nseven!!\n", 13);
	assert(strcmp(modus_client_received(k, NULL), "4\n7\n") == 0);
	assert(modus_client_state(k, NULL) == MODUS_PARKED);

	modus_client_send(k, "half a li", 9);
	assert(modus_client_state(k, NULL) == MODUS_WAITING);
	modus_test_elapse(t, 15000);
	assert(modus_client_state(k, &error) == MODUS_CLOSED && error == -ETIMEDOUT);
	modus_test_end(t);
}

/* Whatever call fails, the client gets less and the service goes on. */
static void failures(void)
{
	struct modus_test *t = modus_test_begin(&modus_plugin_descriptor, "");
	unsigned n = 0;

	assert(t);
	do {
		struct modus_client *k = modus_test_connect(t, NULL, "tcp://");

		modus_test_fail(t, "modus_printf", ++n, -ENOMEM);
		modus_client_send(k, "a\nbb\n", 5);
		modus_client_shutdown(k);
		assert(modus_client_state(k, NULL) == MODUS_CLOSED);
	} while (modus_test_failed(t, "modus_printf"));
	assert(n == 3);
	modus_test_end(t);
}

int main(void)
{
	for (unsigned seed = 0; seed < 100; seed++)
		dialogue(seed);
	failures();
	return 0;
}
