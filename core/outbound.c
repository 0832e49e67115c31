/* SPDX-License-Identifier: MIT */
/*
 * Outbound connections: made, owned and closed with the connection that asked for them, on the same
 * worker, with the same calls.
 */
#include "core/outbound.h"

#include "core/address.h"
#include "core/clock.h"
#include "core/connection.h"
#include "core/service.h"
#include "core/waiting.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ADDRESSES_TRIED = 8, QUEUE_MS = 10 };

struct lookup {
	struct modus_conn *conn;
	const char *text;
	struct address all[ADDRESSES_TRIED];
};

static int lookup_work(void *worker, void *arg)
{
	struct lookup *l = arg;

	return l->conn->worker->dialer->resolve(l->conn, l->text, l->all, ADDRESSES_TRIED);
}

/* Nobody's worker data is needed for that. */
static int look_up(struct modus_conn *c, struct lookup *l)
{
	struct instance *mine = c->instance;
	int n;

	c->instance = NULL;
	n = waiting_block(c, lookup_work, l);
	c->instance = mine;
	return n;
}

static int open_socket(const struct address *a)
{
	int on = 1, fd = socket(a->any.sa_family, a->type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	if (a->type == SOCK_STREAM && a->any.sa_family != AF_UNIX)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return fd;
}

/* A datagram socket of the Unix family gets no reply unless it has a name: an abstract one. */
static int name_socket(int fd, const struct address *a)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };

	if (a->type != SOCK_DGRAM || a->any.sa_family != AF_UNIX)
		return 0;
	return bind(fd, (struct sockaddr *)&un, sizeof(sa_family_t)) ? -errno : 0;
}

static int socket_resolve(struct modus_conn *c, const char *text, struct address *all, int max)
{
	return address_resolve(text, all, max);
}

static int socket_dial(struct modus_conn *up, const struct address *to)
{
	int rc = open_socket(to);

	if (rc < 0)
		return rc;
	up->fd = rc;
	rc = name_socket(up->fd, to);
	if (rc == 0 && connect(up->fd, &to->any, to->len))
		rc = errno == EINPROGRESS ? 0 : -errno;
	return rc;
}

static int socket_dialed(struct modus_conn *up)
{
	socklen_t size = sizeof(int);
	int error = 0;

	return getsockopt(up->fd, SOL_SOCKET, SO_ERROR, &error, &size) ? -errno : -error;
}

const struct dialer dialer_sockets = {
	.transport = &transport_stream,
	.resolve = socket_resolve,
	.dial = socket_dial,
	.dialed = socket_dialed,
};

/* ---- Owners ---- */

static void link_up(struct modus_conn *root, struct modus_conn *up)
{
	struct conn_table *t = up->worker->table;

	conn_table_lock(t); /* it leaves the table's list for its owner's */
	if (up->prev)
		up->prev->next = up->next;
	else
		t->live = up->next;
	if (up->next)
		up->next->prev = up->prev;
	conn_table_unlock(t);
	up->owner = root;
	up->prev = NULL;
	up->next = root->outbound;
	if (root->outbound)
		root->outbound->prev = up;
	root->outbound = up;
}

/* Back into the table's list, which conn_drop() takes it from. */
static void unlink_up(struct modus_conn *up)
{
	struct conn_table *t = up->worker->table;

	if (up->prev)
		up->prev->next = up->next;
	else
		up->owner->outbound = up->next;
	if (up->next)
		up->next->prev = up->prev;
	conn_table_lock(t);
	up->prev = NULL;
	up->next = t->live;
	if (t->live)
		t->live->prev = up;
	t->live = up;
	conn_table_unlock(t);
}

void modus_close(struct modus_conn *up)
{
	struct modus_worker *w = up->worker;

	if (w->io->closing)
		w->io->closing(up);
	if (up->flags & CONN_KEPT)
		free(up->in);
	lease_return(&w->leases, up->lease);
	up->lease = NULL;
	conn_names_free(up);
	unlink_up(up);
	conn_drop(up);
}

void conn_close_outbound(struct modus_conn *c)
{
	while (c->outbound)
		modus_close(c->outbound);
}

static int make(struct modus_conn *root, const struct address *a, struct modus_conn **out)
{
	struct modus_conn *up = conn_new(root->worker, CONN_OUTBOUND);
	int rc;

	if (!up)
		return -ENOMEM;
	up->transport = up->worker->dialer->transport;
	up->instance = root->instance;
	up->state = CONN_OPEN;
	up->flags = a->type == SOCK_DGRAM ? CONN_MESSAGES : 0;
	conn_set_peer(up, &a->any, a->len);
	link_up(root, up);
	rc = up->worker->dialer->dial(up, a);
	if (rc == 0 && root->worker->io->opened)
		rc = root->worker->io->opened(up);
	if (rc < 0) {
		modus_close(up);
		return rc;
	}
	*out = up;
	return 0;
}

/* Waits until the connection stands, failed, or the time is over. */
static int await(struct modus_conn *c, struct modus_conn *up, int ms, int64_t start)
{
	const struct modus_io *io = c->worker->io;
	int rc = 0;

	while (rc == 0) {
		struct modus_pollfd want = { .conn = up, .fd = up->fd, .events = POLLOUT };
		int left = clock_left(ms, start, io->now(c->worker));

		if (left == 0)
			return -ETIMEDOUT;
		rc = io->wait(c, &want, 1, left);
	}
	return rc < 0 ? rc : up->worker->dialer->dialed(up);
}

/* A Unix socket with a full queue says EAGAIN, and nothing tells when it has room. */
static int make_patiently(struct modus_conn *c, const struct address *a, int ms, int64_t start,
			  struct modus_conn **up)
{
	const struct modus_io *io = c->worker->io;

	for (;;) {
		int rc = make(conn_root(c), a, up), left;

		if (rc != -EAGAIN || a->any.sa_family != AF_UNIX)
			return rc;
		left = clock_left(ms, start, io->now(c->worker));
		if (left == 0)
			return -ETIMEDOUT;
		rc = io->wait(c, NULL, 0, left > 0 && left < QUEUE_MS ? left : QUEUE_MS);
		if (rc < 0 && rc != -ETIMEDOUT)
			return rc;
	}
}

static int try_one(struct modus_conn *c, const struct address *a, int ms, int64_t start,
		   struct modus_conn **up)
{
	int rc = make_patiently(c, a, ms, start, up);

	if (rc)
		return rc;
	rc = await(c, *up, ms, start);
	if (rc) {
		modus_close(*up);
		*up = NULL;
	}
	return rc;
}

static int not_made(struct modus_conn *c, int error)
{
	if (error == -ECANCELED)
		return conn_count_failure(c, error);
	count(c->worker, COUNT_upstream_failed);
	return error;
}

/* A host's other addresses are tried while there is time. */
int modus_connect(struct modus_conn *c, const char *to, int ms, struct modus_conn **up)
{
	const struct modus_io *io = c->worker->io;
	int64_t start = io->now(c->worker);
	struct lookup l = { .conn = c, .text = to };
	int n = address_parse(to, &l.all[0]), rc = waiting_begin(c, "modus_connect");

	*up = NULL;
	if (rc)
		return rc;
	if (n == -ENOENT)
		n = look_up(c, &l);
	else if (n == 0)
		n = 1;
	rc = n;
	for (int i = 0; i < n; i++) {
		rc = try_one(c, &l.all[i], ms, start, up);
		if (rc == 0 || rc == -ECANCELED || clock_left(ms, start, io->now(c->worker)) == 0)
			break;
	}
	return rc ? not_made(c, rc) : 0;
}
