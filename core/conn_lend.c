/* SPDX-License-Identifier: MIT */
/* Lending a connection the memory that it needs while it is served, and taking it back. */
#include "core/connection.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int conn_lend_now(struct modus_conn *c)
{
	c->lease = lease_take(&c->worker->leases);
	if (!c->lease)
		return -ENOMEM;
	if (c->flags & CONN_KEPT) {
		memcpy(c->lease->in, c->in, c->in_len);
		free(c->in);
		c->flags &= (uint16_t)~CONN_KEPT;
	}
	c->in = c->lease->in;
	return 0;
}

void conn_unlend(struct modus_conn *c)
{
	char *kept = NULL;

	if (!c->lease || c->lease->out_len)
		return;
	if (c->in_len) {
		kept = malloc(c->in_len);
		if (!kept)
			return; /* it keeps the lease */
		memcpy(kept, c->in, c->in_len);
		c->flags |= CONN_KEPT;
	}
	c->in = kept;
	lease_return(&c->worker->leases, c->lease);
	c->lease = NULL;
}

void conn_unlend_family(struct modus_conn *c)
{
	for (struct modus_conn *up = c->outbound; up; up = up->next)
		conn_unlend(up);
	conn_unlend(c);
}

void conn_move(struct modus_conn *c, struct modus_worker *to)
{
	c->worker = to;
	for (struct modus_conn *up = c->outbound; up; up = up->next)
		up->worker = to;
}
