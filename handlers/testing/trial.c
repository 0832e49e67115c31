/* SPDX-License-Identifier: MIT */
#include "handlers/testing/trial.h"

#include "handlers/testing/testing.h"

#include "core/fatal.h"

#include <string.h>

enum { CALLS_MAX = 50 * 1000 * 1000 };
enum { CALL_INPUT = 1, CALL_OUTPUT = 2, CALL_WAITS = 4 };

static const struct {
	const char *name;
	unsigned what;
} trial_calls[TRIAL_CALLS] = {
	{ "modus_read", CALL_INPUT | CALL_WAITS },
	{ "modus_readn", CALL_INPUT | CALL_WAITS },
	{ "modus_readline", CALL_INPUT | CALL_WAITS },
	{ "modus_peek", CALL_INPUT | CALL_WAITS },
	{ "modus_write", CALL_OUTPUT | CALL_WAITS },
	{ "modus_printf", CALL_OUTPUT | CALL_WAITS },
	{ "modus_sendfile", CALL_OUTPUT | CALL_WAITS },
	{ "modus_flush", CALL_OUTPUT | CALL_WAITS },
	{ "modus_shutdown", CALL_OUTPUT },
	{ "modus_sleep", CALL_WAITS },
	{ "modus_poll", CALL_WAITS },
	{ "modus_block", CALL_WAITS },
	{ "modus_connect", CALL_WAITS },
	{ "modus_alloc", 0 },
};

static int find(const char *call)
{
	for (int i = 0; i < TRIAL_CALLS; i++)
		if (strcmp(trial_calls[i].name, call) == 0)
			return i;
	return -1;
}

/* ---- Variation ---- */

/* splitmix64 */
static uint64_t next(struct trial *r)
{
	uint64_t z = r->random += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

bool trial_happens(struct trial *r, unsigned once_in)
{
	return r->varied && next(r) % once_in == 0;
}

size_t trial_choose(struct trial *r, size_t n)
{
	return r->varied ? next(r) % n : 0;
}

size_t trial_piece(struct trial *r, size_t n)
{
	size_t piece;

	if (!r->varied || n == 0)
		return n;
	if (r->seed == 0)
		return 1;
	piece = 1 + next(r) % ((size_t)1 << next(r) % 14);
	return piece < n ? piece : n;
}

void modus_test_vary(struct modus_test *t, unsigned seed)
{
	t->trial.varied = true;
	t->trial.seed = seed;
	t->trial.random = seed;
}

/* ---- Failures ---- */

static int find_or_abort(const char *function)
{
	int i = find(function);

	if (i < 0)
		testing_abort("\"%s\" is no function that modus_test_fail() knows", function);
	return i;
}

void modus_test_fail(struct modus_test *t, const char *function, unsigned nth, int error)
{
	int i = find_or_abort(function);

	if (error >= 0 && nth > 0)
		testing_abort("%s() is to fail with %d, want a negative errno", function, error);
	t->trial.fail[i].left = nth;
	t->trial.fail[i].error = error;
	t->trial.fail[i].failed = false;
}

bool modus_test_failed(const struct modus_test *t, const char *function)
{
	return t->trial.fail[find_or_abort(function)].failed;
}

static void stick(struct modus_conn *c, unsigned what, int error)
{
	if ((what & CALL_INPUT) && !c->in_error)
		c->in_error = conn_count_failure(c, error);
	if ((what & CALL_OUTPUT) && !c->out_error) {
		c->out_error = conn_count_failure(c, error);
		if (c->lease)
			c->lease->out_len = 0;
	}
}

static int fail(struct modus_conn *c, struct trial *r, int i)
{
	r->fail[i].failed = true;
	stick(c, trial_calls[i].what, r->fail[i].error);
	return r->fail[i].error;
}

int trial_called(struct modus_conn *c, const char *call)
{
	struct modus_test *t = test_of(c);
	struct trial *r = &t->trial;
	int i = find(call);

	if (++r->calls > CALLS_MAX)
		testing_abort("plugin %s goes on calling, last %s(), and gets nowhere",
			      t->plugin->name, call);
	if (i < 0)
		return 0;
	if (r->fail[i].left > 0 && --r->fail[i].left == 0)
		return fail(c, r, i);
	if ((trial_calls[i].what & CALL_WAITS) && trial_happens(r, r->seed ? 2 : 1))
		loop_yield(&t->loop);
	return 0;
}
