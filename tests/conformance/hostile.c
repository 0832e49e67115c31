/* SPDX-License-Identifier: MIT */
/*
 * The frame of each attack: it is made once, so that caches fill, then again, and then the server
 * must be what it was between the two.
 */
#include "tests/conformance/harness.h"

/* What says that a client was hostile; the other counters say what was done for it. */
static const enum counter complaints[] = {
	COUNT_denied,       COUNT_over_limit,   COUNT_over_address,    COUNT_refused,
	COUNT_setup_failed, COUNT_idle_timeout, COUNT_request_timeout, COUNT_write_timeout,
	COUNT_reset,        COUNT_cut_request,  COUNT_too_long,        COUNT_handler_error,
	COUNT_canceled,     COUNT_truncated,    COUNT_unanswerable,    COUNT_accept_error,
	COUNT_crashed,      COUNT_undelivered,  COUNT_upstream_failed,
};

enum { COMPLAINTS = sizeof(complaints) / sizeof(complaints[0]), LONGER = 8 };

static void count_complaints(const struct server *s, uint64_t out[COMPLAINTS])
{
	for (int i = 0; i < COMPLAINTS; i++)
		out[i] = server_count(s, complaints[i]);
}

/* Each under its own name, and under no other. */
static void expect_complaints(const struct attack *a, const uint64_t before[COMPLAINTS], uint64_t n)
{
	for (int i = 0; i < COMPLAINTS; i++)
		server_counts(a->server, complaints[i],
			      before[i] + (complaints[i] == a->counted ? n : 0));
}

int hostile_many(int n)
{
	return SANITIZED && !is_long() ? n / 4 : n;
}

int hostile_clients(void)
{
	return can(MODUS_CONCURRENT) ? HOSTILE_PLACES : 1;
}

struct server *hostile_target(const char *rows)
{
	return server_narrow(HOSTILE_PLACES, "type = \"every\";", rows);
}

void hostile(const struct attack *a)
{
	int rounds = a->rounds * (is_long() ? LONGER : 1);
	uint64_t counts[COMPLAINTS];
	struct vitals before;

	for (int i = 0; i < rounds; i++)
		a->run(a->server, a->about);
	before = server_at_rest(a->server);
	count_complaints(a->server, counts);
	for (int i = 0; i < rounds; i++)
		a->run(a->server, a->about);
	expect_unharmed(a->server, &before, can(MODUS_CONCURRENT) ? a->places : 1);
	if (a->counted != ANY)
		expect_complaints(a, counts, (uint64_t)rounds * a->count);
}
