/* SPDX-License-Identifier: MIT */
/* What a handler may ask about its connection. */
#include "core/connection.h"
#include "core/instance.h"
#include "core/service.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct conn_name {
	struct modus_address address;
	struct sockaddr_storage storage;
	char text[ADDRESS_TEXT_MAX];
};

struct conn_names {
	struct conn_name peer, local;
};

static const struct sockaddr nobody = { .sa_family = AF_UNSPEC };
static const struct sockaddr nameless = { .sa_family = AF_UNIX };

/* Most of it is never read, so it is not cleared. */
static bool make_names(struct modus_conn *c)
{
	c->names = malloc(sizeof(*c->names));
	if (!c->names)
		return false;
	c->names->peer.address = c->names->local.address = (struct modus_address) { 0 };
	return true;
}

void conn_set_peer(struct modus_conn *c, const struct sockaddr *addr, socklen_t len)
{
	if (len <= sizeof(sa_family_t))
		return; /* nameless */
	if (len <= sizeof(c->peer) && addr->sa_family != AF_UNIX) {
		memcpy(&c->peer, addr, len);
		c->peer_len = (uint8_t)len;
		return;
	}
	if (make_names(c)) {
		memcpy(&c->names->peer.storage, addr, len);
		c->names->peer.address.addrlen = len;
	}
}

struct seat conn_seat(const struct modus_conn *c)
{
	if (c->kind != CONN_STREAM)
		return (struct seat) { 0 };
	return admission_seat(c->peer_len ? &c->peer.any : &nameless);
}

void conn_names_free(struct modus_conn *c)
{
	if (!c->names)
		return;
	free(c->names);
	c->names = NULL;
}

const struct sockaddr *modus_peer_addr(const struct modus_conn *c, socklen_t *len)
{
	*len = c->peer_len;
	if (*len)
		return &c->peer.any;
	*len = c->names ? c->names->peer.address.addrlen : 0;
	if (*len)
		return (const struct sockaddr *)&c->names->peer.storage;
	*len = sizeof(sa_family_t);
	return c->kind == CONN_TASK ? &nobody : &nameless;
}

static socklen_t copy_peer(const struct modus_conn *c, struct sockaddr_storage *out)
{
	socklen_t len;
	const struct sockaddr *peer = modus_peer_addr(c, &len);

	if (peer != (struct sockaddr *)out)
		memcpy(out, peer, len);
	return len;
}

void conn_peer_text(const struct modus_conn *c, char *out, size_t size)
{
	socklen_t len;
	const struct sockaddr *peer = modus_peer_addr(c, &len);

	out[0] = '\0';
	if (c->kind != CONN_TASK)
		address_text(peer, len, out, size);
}

static socklen_t copy_local(const struct modus_conn *c, struct sockaddr_storage *out)
{
	out->ss_family = AF_UNSPEC;
	return c->fd < 0 ? sizeof(sa_family_t) : c->transport->local(c, out);
}

typedef socklen_t copy_fn(const struct modus_conn *c, struct sockaddr_storage *out);

/* Out of memory, an address has no name; the pointers must be good all the same. */
static const struct modus_address *name_of(const struct modus_conn *c, bool local, copy_fn *copy)
{
	static const struct modus_address nowhere = { &nobody, sizeof(sa_family_t), "-" };
	struct modus_conn *mine = (struct modus_conn *)(uintptr_t)c;
	struct conn_name *n;

	if (!mine->names && !make_names(mine))
		return &nowhere;
	n = local ? &mine->names->local : &mine->names->peer;
	if (!n->address.text) {
		n->address.addrlen = copy(c, &n->storage);
		n->address.addr = (struct sockaddr *)&n->storage;
		n->address.text = n->text;
		address_text(n->address.addr, n->address.addrlen, n->text, sizeof(n->text));
	}
	return &n->address;
}

const struct modus_address *modus_peer(const struct modus_conn *c)
{
	return name_of(c, false, copy_peer);
}

const struct modus_address *modus_local(const struct modus_conn *c)
{
	const struct modus_listener *l = c->listener;

	return l && !l->wildcard && l->name.addr ? &l->name : name_of(c, true, copy_local);
}

unsigned modus_events(const struct modus_conn *c)
{
	return c->events;
}

int modus_error(const struct modus_conn *c)
{
	return c->in_error ? c->in_error : c->out_error;
}

bool modus_is_datagram(const struct modus_conn *c)
{
	return c->kind == CONN_DATAGRAM || (c->flags & CONN_MESSAGES);
}

bool modus_draining(const struct modus_conn *c)
{
	return service_phase(conn_service(c)) != PHASE_SERVING;
}

void *modus_session(const struct modus_conn *c)
{
	return (void *)(uintptr_t)c->session;
}

struct modus_instance *modus_instance(const struct modus_conn *c)
{
	return &c->instance->self;
}

void *modus_shared(const struct modus_conn *c)
{
	return c->instance->shared;
}

struct modus_instance *modus_enter(struct modus_conn *c, struct modus_instance *inner)
{
	struct modus_instance *before = &c->instance->self;

	c->instance = (struct instance *)inner; /* self is its first member */
	return before;
}

const struct modus_plugin *modus_plugin(const struct modus_instance *i)
{
	return ((const struct instance *)i)->plugin;
}

void *modus_alloc(struct modus_conn *c, size_t size)
{
	return conn_called(c, "modus_alloc") || conn_lend(c) ? NULL : lease_alloc(c->lease, size);
}

void modus_set_deadline(struct modus_conn *c, enum modus_deadline which, int ms)
{
	switch (which) {
	case MODUS_IDLE:
		c->idle_ms = ms;
		break;
	case MODUS_REQUEST:
		c->request_left_ms = ms;
		break;
	case MODUS_WRITE:
		c->write_ms = ms;
		break;
	}
}
