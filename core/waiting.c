/* SPDX-License-Identifier: MIT */
/* The calls that wait for something other than input: time, descriptors, blocking work. */
#include "core/waiting.h"

#include "core/clock.h"
#include "core/connection.h"
#include "core/fatal.h"
#include "core/input.h"
#include "core/output.h"
#include "core/service.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Whether c may wait at all: 0, or why not. */
static int admit(struct modus_conn *c, const char *call)
{
	int rc;

	if (conn_root(c)->flags & CONN_IN_WORK)
		fatal_bug("%s() was called by work that modus_block() runs: it may only log and "
			  "publish",
			  call);
	rc = conn_called(c, call);
	if (rc == 0 && service_phase(conn_service(c)) >= PHASE_CANCELED)
		rc = conn_count_failure(c, -ECANCELED);
	return rc;
}

/* What a wait came to: the end of the grace is counted. */
static int waited(struct modus_conn *c, int rc)
{
	return rc == -ECANCELED ? conn_count_failure(c, rc) : rc;
}

int waiting_begin(struct modus_conn *c, const char *call)
{
	int rc = admit(c, call);

	if (rc == 0 && c->state != CONN_FINISHING)
		output_flush_all(c); /* a failure sticks and is told where it matters */
	return rc;
}

int modus_sleep(struct modus_conn *c, int ms)
{
	const struct modus_io *io = c->worker->io;
	int rc = waiting_begin(c, "modus_sleep"), left;
	int64_t start;

	if (rc)
		return rc;
	start = io->now(c->worker);
	do {
		left = clock_left(ms, start, io->now(c->worker));
		rc = left ? io->wait(c, NULL, 0, left) : -ETIMEDOUT;
	} while (rc == 0);
	return rc == -ETIMEDOUT ? 0 : waited(c, rc);
}

int waiting_block(struct modus_conn *c, int (*work)(void *worker, void *arg), void *arg)
{
	struct modus_conn *root = conn_root(c);
	int rc;

	root->flags |= CONN_IN_WORK;
	rc = c->worker->io->block(c, work, arg);
	root->flags &= (uint16_t)~CONN_IN_WORK;
	return rc;
}

int modus_block(struct modus_conn *c, int (*work)(void *worker, void *arg), void *arg)
{
	int rc = waiting_begin(c, "modus_block");

	return rc ? rc : waited(c, waiting_block(c, work, arg));
}

/* ---- modus_poll() -----------------------------------------------------------------------------*/

/* What poll() would say of a connection, buffers included; what is pending is sent meanwhile. */
static short look_at_conn(struct modus_conn *c, short events)
{
	short seen = 0;

	output_push(c);
	if ((events & POLLIN) && c->in_len == 0)
		input_try(c);
	if ((events & POLLIN) && (c->in_len || (c->flags & CONN_END) || c->in_error))
		seen |= POLLIN;
	if ((events & POLLOUT) && modus_room(c) > 0)
		seen |= POLLOUT;
	if (c->in_error || c->out_error)
		seen |= POLLERR;
	return seen;
}

static int look(struct modus_pollfd *set, unsigned n)
{
	int ready = 0;

	for (unsigned i = 0; i < n; i++) {
		struct pollfd foreign = { .fd = set[i].fd, .events = set[i].events };

		if (set[i].conn)
			set[i].revents = look_at_conn(set[i].conn, set[i].events);
		else
			set[i].revents = poll(&foreign, 1, 0) > 0 ? foreign.revents : 0;
		ready += set[i].revents != 0;
	}
	return ready;
}

/* An error that the kernel reports and no call has met yet: POLLHUP says it of both directions. */
static void meet_errors(struct modus_pollfd *want, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		struct modus_conn *c = want[i].conn;

		if (!c || !(want[i].revents & (POLLERR | POLLHUP)) || c->in_error)
			continue;
		if (input_try(c) == -ENOBUFS)
			c->in_error = conn_count_failure(c, -ECONNRESET);
	}
}

static struct modus_pollfd want_of(struct modus_conn *c, short events)
{
	struct modus_pollfd want = { .conn = c, .fd = c->fd };

	if ((events & POLLIN) && !(c->flags & CONN_END) && !c->in_error)
		want.events |= POLLIN;
	if (output_pending(c))
		want.events |= POLLOUT;
	if (want.events == 0 && (c->flags & CONN_END))
		want.fd = -1; /* a hang-up on both sides would be reported for ever */
	return want;
}

static bool listed(const struct modus_conn *c, const struct modus_pollfd *set, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (set[i].conn == c)
			return true;
	return false;
}

/* What the strategy is to wait for: the set, and those of the family that have output pending. */
static unsigned build(struct modus_conn *root, const struct modus_pollfd *set, unsigned n,
		      struct modus_pollfd *want)
{
	unsigned k = 0;

	for (; k < n; k++)
		want[k] = set[k].conn ? want_of(set[k].conn, set[k].events) : set[k];
	if (output_pending(root) && !listed(root, set, n))
		want[k++] = want_of(root, 0);
	for (struct modus_conn *up = root->outbound; up; up = up->next)
		if (output_pending(up) && !listed(up, set, n))
			want[k++] = want_of(up, 0);
	return k;
}

static unsigned family_size(const struct modus_conn *root)
{
	unsigned n = 1;

	for (const struct modus_conn *up = root->outbound; up; up = up->next)
		n++;
	return n;
}

/* Output of connections that are not in the set goes on too. */
static void push_family(struct modus_conn *root)
{
	if (output_pending(root))
		output_push(root);
	for (struct modus_conn *up = root->outbound; up; up = up->next)
		if (output_pending(up))
			output_push(up);
}

static bool drain_is_news(struct modus_conn *root)
{
	if (!modus_draining(root) || (root->flags & CONN_DRAIN_TOLD))
		return false;
	root->flags |= CONN_DRAIN_TOLD;
	return true;
}

static int poll_until(struct modus_conn *c, struct modus_pollfd *set, unsigned n, int ms,
		      struct modus_pollfd *want)
{
	const struct modus_io *io = c->worker->io;
	struct modus_conn *root = conn_root(c);
	int64_t start = io->now(c->worker);

	for (;;) {
		int ready, left, rc;
		unsigned k;

		push_family(root);
		ready = look(set, n);
		left = clock_left(ms, start, io->now(c->worker));
		if (ready || left == 0 || drain_is_news(root))
			return ready;
		k = build(root, set, n, want);
		rc = io->wait(c, want, k, left);
		if (rc < 0 && rc != -ETIMEDOUT)
			return waited(c, rc);
		if (rc > 0)
			meet_errors(want, k);
	}
}

int modus_poll(struct modus_conn *c, struct modus_pollfd *set, unsigned n, int ms)
{
	struct modus_pollfd few[16], *want = few;
	unsigned k = n + family_size(conn_root(c));
	int rc = admit(c, "modus_poll");

	if (rc)
		return rc;
	if (k > sizeof(few) / sizeof(*few))
		want = malloc(k * sizeof(*want));
	if (!want)
		return -ENOMEM;
	rc = poll_until(c, set, n, ms, want);
	if (want != few)
		free(want);
	return rc;
}
