/* SPDX-License-Identifier: MIT */
/* From clients to connections: what listener_take() is to the kernel's clients. */
#include "handlers/testing/testing.h"

#include <string.h>

static struct modus_conn *make(struct modus_client *k, enum conn_kind kind)
{
	struct modus_conn *c = testing_must(conn_new(&k->test->loop.worker, kind));

	if (conn_lend(c))
		testing_abort("out of memory");
	c->fd = k->fd;
	c->transport = &script_transport;
	c->listener = &k->listener;
	if (k->from.len > 0)
		conn_set_peer(c, &k->from.any, k->from.len);
	k->test->busy = true;
	return c;
}

static void admit_stream(struct modus_client *k)
{
	struct modus_test *t = k->test;
	struct modus_conn *c = make(k, CONN_STREAM);

	conn_unlend(c);
	k->admitted = true;
	k->conn = c;
	admission_enter(&t->service.admission, &k->from.any,
			admission_reserve(&t->service.admission));
	count(&t->loop.worker, COUNT_accepted);
	loop_admit(&t->loop, c);
}

static void admit_datagram(struct modus_client *k)
{
	struct modus_worker *w = &k->test->loop.worker;
	struct modus_conn *c = make(k, CONN_DATAGRAM);
	ssize_t n = wire_take_message(&k->sent, c->lease->in, LEASE_INPUT);

	if (n > LEASE_INPUT)
		count(w, COUNT_truncated);
	c->in_len = (uint32_t)(n < LEASE_INPUT ? n : LEASE_INPUT);
	c->flags |= CONN_END;
	count(w, COUNT_datagrams);
	counter_add(w->slot, COUNT_bytes_in, c->in_len);
	k->serving++;
	loop_admit(&k->test->loop, c);
}

static bool is_waiting(const struct modus_client *k)
{
	if (k->kind == CLIENT_DATAGRAM)
		return k->sent.len > 0;
	return k->kind == CLIENT_STREAM && !k->admitted;
}

/* A plugin that is not reentrant has one connection at a time, as under iterative. */
static bool may_admit(const struct modus_test *t)
{
	if (service_phase(&t->service) != PHASE_SERVING)
		return false;
	return (t->plugin->flags & MODUS_REENTRANT) || t->loop.table.count == 0;
}

void client_admit(struct modus_test *t)
{
	for (size_t i = 0; i < t->client_count; i++) {
		struct modus_client *k = t->clients[i];

		while (is_waiting(k) && may_admit(t)) {
			if (k->kind == CLIENT_DATAGRAM)
				admit_datagram(k);
			else
				admit_stream(k);
		}
	}
}
