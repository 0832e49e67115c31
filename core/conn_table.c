/* SPDX-License-Identifier: MIT */
#include "core/connection.h"
#include "core/service.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { SLAB_CONNS = 64 };

struct conn_slab {
	struct conn_slab *next;
	_Alignas(16) char conns[];
};

void conn_table_init(struct conn_table *t, size_t session_size)
{
	*t = (struct conn_table) { .conn_size = (sizeof(struct modus_conn) + session_size + 15) &
						~(size_t)15 };
	pthread_mutex_init(&t->lock, NULL);
}

void conn_table_finish(struct conn_table *t)
{
	while (t->slabs) {
		struct conn_slab *s = t->slabs;

		t->slabs = s->next;
		free(s);
	}
	pthread_mutex_destroy(&t->lock);
}

void conn_table_lock(struct conn_table *t)
{
	if (!t->alone)
		pthread_mutex_lock(&t->lock);
}

void conn_table_unlock(struct conn_table *t)
{
	if (!t->alone)
		pthread_mutex_unlock(&t->lock);
}

static void grow(struct conn_table *t)
{
	struct conn_slab *s = calloc(1, sizeof(*s) + SLAB_CONNS * t->conn_size);

	if (!s)
		return;
	s->next = t->slabs;
	t->slabs = s;
	for (size_t i = SLAB_CONNS; i-- > 0;) {
		struct modus_conn *c = (struct modus_conn *)(s->conns + i * t->conn_size);

		c->next = t->spare;
		t->spare = c;
	}
}

static void link_live(struct conn_table *t, struct modus_conn *c)
{
	c->prev = NULL;
	c->next = t->live;
	if (t->live)
		t->live->prev = c;
	t->live = c;
	t->count++;
}

struct modus_conn *conn_new(struct modus_worker *w, enum conn_kind kind)
{
	size_t kept = offsetof(struct modus_conn, kind);
	struct conn_table *t = w->table;
	struct modus_conn *c;

	conn_table_lock(t);
	if (!t->spare)
		grow(t);
	c = t->spare;
	if (c) {
		t->spare = c->next;
		memset((char *)c + kept, 0, t->conn_size - kept);
		link_live(t, c);
	}
	conn_table_unlock(t);
	if (!c)
		return NULL;
	atomic_store_explicit(&c->parked, CONN_RUNNING, memory_order_relaxed);
	atomic_store_explicit(&c->poked, 0, memory_order_relaxed);
	atomic_store_explicit(&c->topics, 0, memory_order_relaxed);
	c->kind = (uint8_t)kind;
	c->state = CONN_NEW;
	c->fd = -1;
	c->worker = w;
	c->instance = w->service->handler;
	return c;
}

/* The descriptor is closed under the lock, so that nobody shuts one that is another's already. */
void conn_drop(struct modus_conn *c)
{
	struct conn_table *t = c->worker->table;

	conn_table_lock(t);
	if (c->prev)
		c->prev->next = c->next;
	else
		t->live = c->next;
	if (c->next)
		c->next->prev = c->prev;
	t->count--;
	if (c->fd >= 0 && c->transport)
		c->transport->close(c);
	c->state = CONN_FREE;
	c->fd = -1;
	c->next = t->spare;
	t->spare = c;
	conn_table_unlock(t);
}

void conn_table_interrupt(struct conn_table *t, bool all)
{
	conn_table_lock(t);
	for (struct modus_conn *c = t->live; c; c = c->next) {
		uint8_t parked = atomic_load(&c->parked);

		if (parked == CONN_IDLE || (all && parked == CONN_MIDWAY))
			shutdown(c->fd, SHUT_RD);
	}
	conn_table_unlock(t);
}
