/* SPDX-License-Identifier: MIT */
/* The end of a connection: what is owed to the peer and to the plugin, and under which name it is
 * counted. */
#include "core/clock.h"
#include "core/connection.h"
#include "core/host.h"
#include "core/instance.h"
#include "core/news.h"
#include "core/output.h"
#include "core/service.h"

#include <errno.h>
#include <stdlib.h>

enum { LINGER_MS = 1000, LINGER_BYTES = 64 * 1024 };

/* A socket closed with input unread is reset, and the reset destroys the reply on its way. */
static void linger(struct modus_conn *c)
{
	const struct modus_io *io = c->worker->io;
	int64_t start = io->now(c->worker);
	size_t dropped = 0;

	if (!(c->flags & CONN_SHUT_DONE))
		c->transport->shutdown(c);
	while (dropped < LINGER_BYTES) {
		char *at = c->lease->in;
		int left = clock_left(LINGER_MS, start, io->now(c->worker));
		ssize_t n = left ? io->receive(c, &at, LEASE_INPUT, left) : 0;

		if (n <= 0)
			return;
		dropped += (size_t)n;
	}
}

static bool must_linger(struct modus_conn *c, int end)
{
	if (c->kind == CONN_DATAGRAM || (c->flags & CONN_END) || c->out_error || !c->lease ||
	    !(conn_service(c)->model->capabilities & MODUS_CONCURRENT))
		return false;
	if (end < 0 && end != -EMSGSIZE && end == c->in_error)
		return false;
	return c->in_len > 0 || c->transport->unread(c) > 0;
}

void conn_finish(struct modus_conn *c, int end)
{
	const struct modus_plugin *p = conn_service(c)->handler->plugin;

	if (c->state == CONN_OPEN)
		output_end_all(c);
	c->state = CONN_FINISHING;
	if ((c->flags & CONN_SET_UP) && p->finish) {
		p->finish(c);
		c->instance = conn_service(c)->handler;
	}
	news_forget(c);
	conn_close_outbound(c);
	if (must_linger(c, end))
		linger(c);
}

/* A child's connection leaves when its parent learns that it is over. */
static void leave(struct modus_conn *c)
{
	struct modus_service *s = conn_service(c);
	struct seat seat = conn_seat(c);

	count(c->worker, COUNT_closed);
	if (!s->in_child)
		admission_leave(&s->admission, &seat);
}

void conn_release(struct modus_conn *c)
{
	struct modus_worker *w = c->worker;
	struct modus_service *s = w->service;

	if (c->flags & CONN_KEPT)
		free(c->in);
	lease_return(&w->leases, c->lease);
	c->lease = NULL;
	conn_names_free(c);
	if (c->kind == CONN_STREAM) {
		if (w->io->closing)
			w->io->closing(c);
		leave(c);
	}
	conn_drop(c);
	if (!s->in_child)
		host_lost(s->host);
}

void conn_lose(struct modus_conn *c)
{
	struct host *h = conn_service(c)->host;

	count(c->worker, COUNT_lost);
	if (c->kind == CONN_STREAM)
		leave(c);
	conn_forget(c);
	host_lost(h);
}

void conn_forget(struct modus_conn *c)
{
	lease_return(&c->worker->leases, c->lease);
	c->lease = NULL;
	conn_names_free(c);
	conn_drop(c);
}

/* ---- The names of failures ---- */

/* A request is cut once, by whichever call of its handler learns of it first. */
static void count_cut(struct modus_conn *c)
{
	struct modus_conn *root = conn_root(c);

	if (service_phase(conn_service(c)) < PHASE_CANCELED) /* it is what some work returned */
		return;
	if (root->kind == CONN_TASK || root->state != CONN_OPEN || (root->flags & CONN_CUT))
		return;
	root->flags |= CONN_CUT;
	count(root->worker, COUNT_canceled);
}

static enum counter name_of(const struct modus_conn *c, int error)
{
	if (c->kind == CONN_OUTBOUND)
		return COUNT_upstream_failed;
	switch (error) {
	case -ETIMEDOUT:
		return COUNT_request_timeout;
	case -EBADMSG:
		return COUNT_cut_request;
	case -EMSGSIZE:
		return COUNT_too_long;
	case -ECONNRESET:
	case -EPIPE:
		return COUNT_reset;
	default:
		return COUNT_lost;
	}
}

/* A connection is counted under what came first: its other direction often fails for it. */
int conn_count_failure(struct modus_conn *c, int error)
{
	if (error == -ECANCELED)
		count_cut(c);
	else if (!c->in_error && !c->out_error)
		count(c->worker, name_of(c, error));
	return error;
}

/* A reply to a datagram is lost by itself, whatever became of the input. */
int conn_count_unsent(struct modus_conn *c, int error)
{
	if (error == -ECANCELED)
		count_cut(c);
	else if (c->kind == CONN_DATAGRAM)
		count(c->worker, COUNT_undelivered);
	else if (!c->in_error && !c->out_error)
		count(c->worker, error == -ETIMEDOUT && c->kind == CONN_STREAM ? COUNT_write_timeout
									       : name_of(c, error));
	return error;
}
