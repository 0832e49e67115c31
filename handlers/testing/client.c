/* SPDX-License-Identifier: MIT */
#include "handlers/testing/testing.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_FD = 1 << 30, FIRST_PORT = 40000 }; /* the kernel gives out no such descriptors */

struct modus_client *client_at(struct modus_test *t, int fd)
{
	return fd < FIRST_FD ? NULL : t->clients[fd - FIRST_FD];
}

struct modus_client *client_of(const struct modus_conn *c)
{
	return client_at(test_of(c), c->fd);
}

/* ---- Addresses ---- */

/* What a listener's address is where the test gives none. */
static const char *const some_address[][2] = {
	{ "tcp://", "tcp://127.0.0.1:7" },
	{ "udp://", "udp://127.0.0.1:7" },
	{ "unix://", "unix:///run/test" },
	{ "unix-dgram://", "unix-dgram:///run/test" },
};

static void set_listener(struct modus_client *k, const char *to)
{
	const char *text = to;

	for (size_t i = 0; i < sizeof(some_address) / sizeof(some_address[0]); i++)
		if (strcmp(to, some_address[i][0]) == 0)
			text = some_address[i][1];
	if (address_parse(text, &k->listener.address))
		testing_abort("\"%s\" is no listener's address, want tcp://, udp://, unix:// or "
			      "unix-dgram://, and perhaps an address behind it",
			      to);
	k->listener.fd = -1;
	k->messages = k->listener.address.type == SOCK_DGRAM;
	k->listener.datagram = k->messages;
}

static void set_from(struct modus_client *k, const char *from)
{
	char text[ADDRESS_TEXT_MAX], port[32];

	if (!from && k->listener.address.any.sa_family == AF_UNIX)
		return;
	snprintf(port, sizeof(port), "127.0.0.1:%d",
		 FIRST_PORT + (k->fd - FIRST_FD) % (65535 - FIRST_PORT));
	from = from ? from : port;
	if (strncmp(from, "unix:", 5) == 0)
		snprintf(text, sizeof(text), "unix://%s", from + 5);
	else
		snprintf(text, sizeof(text), "tcp://%s", from);
	if (address_parse(text, &k->from))
		testing_abort("\"%s\" is no client's address, want \"192.0.2.1:80\", "
			      "\"[2001:db8::1]:80\" or \"unix:/path\"",
			      from);
}

/* ---- Making ---- */

struct modus_client *client_new(struct modus_test *t, enum client_kind kind, const char *to)
{
	size_t n = t->client_count;
	struct modus_client *k = testing_must(calloc(1, sizeof(*k)));

	if ((n & (n - 1)) == 0)
		t->clients =
			testing_must(realloc(t->clients, (n ? 2 * n : 1) * sizeof(*t->clients)));
	k->test = t;
	k->fd = FIRST_FD + (int)n;
	k->kind = kind;
	t->clients[t->client_count++] = k;
	if (kind == CLIENT_FAR)
		return k;
	set_listener(k, to);
	if (k->messages)
		k->kind = CLIENT_DATAGRAM;
	return k;
}

void client_free(struct modus_client *k)
{
	wire_free(&k->sent);
	wire_free(&k->arrived);
	wire_free(&k->outgoing);
	wire_free(&k->received);
	free(k->shown);
	free(k->name);
	free(k);
}

struct modus_client *modus_test_connect(struct modus_test *t, const char *from, const char *to)
{
	struct modus_client *k = client_new(t, CLIENT_STREAM, to);
	unsigned needed = k->messages ? MODUS_DATAGRAM : MODUS_STREAM;

	if (!(t->plugin->flags & needed))
		testing_abort("plugin %s does not serve %s, which %s is", t->plugin->name,
			      k->messages ? "datagrams" : "streams", to);
	set_from(k, from);
	script_run(t);
	return k;
}

/* ---- Moving ---- */

static bool deliver(struct modus_client *k)
{
	struct trial *r = &k->test->trial;
	size_t room = RECEIVE_BUFFER > k->arrived.len ? RECEIVE_BUFFER - k->arrived.len : 0;
	size_t n = k->sent.len < room ? k->sent.len : room;

	if (n > 0) {
		wire_move(&k->sent, &k->arrived, k->messages ? k->sent.len : trial_piece(r, n));
		return true;
	}
	if (k->sent.len > 0)
		return false;
	if (k->resetting && !k->reset) {
		k->reset = true;
		wire_drop(&k->outgoing);
		if (trial_happens(r, 2))
			wire_drop(&k->arrived);
		return true;
	}
	if (k->ending && !k->ended) {
		k->ended = true;
		return true;
	}
	return false;
}

static bool take(struct modus_client *k)
{
	size_t n = k->outgoing.len;

	if (k->stalled || n == 0 || k->received.len >= RECEIVED_MAX)
		return false;
	wire_move(&k->outgoing, &k->received, trial_piece(&k->test->trial, n));
	return true;
}

bool client_move(struct modus_client *k)
{
	bool moved = take(k);

	if (k->finished)
		wire_drop(&k->sent); /* nobody reads it any more */
	else if (k->kind == CLIENT_STREAM || k->connected)
		moved |= deliver(k);
	k->changed |= moved;
	return moved;
}

short client_events(const struct modus_client *k)
{
	short events = 0;

	if (k->reset)
		return POLLIN | POLLOUT | POLLRDHUP | POLLERR | POLLHUP;
	if (k->kind == CLIENT_FAR && !k->connected)
		return 0;
	if (k->arrived.len > 0)
		events |= POLLIN;
	if (k->ended)
		events |= POLLIN | POLLRDHUP;
	if (k->outgoing.len < SEND_BUFFER)
		events |= POLLOUT;
	return k->ended && k->output_ended ? events | POLLHUP : events;
}

/* ---- What a client does ---- */

void modus_client_send(struct modus_client *k, const void *data, size_t n)
{
	if (k->ending || k->resetting)
		testing_abort("a client sends after its end");
	if (k->messages)
		wire_put_message(&k->sent, data, n);
	else
		wire_put(&k->sent, data, n);
	script_run(k->test);
}

void modus_client_shutdown(struct modus_client *k)
{
	k->ending = !k->messages;
	script_run(k->test);
}

void modus_client_reset(struct modus_client *k)
{
	if (k->kind == CLIENT_FAR && !k->connected)
		k->reset = true; /* it refuses */
	k->resetting = k->kind != CLIENT_DATAGRAM;
	k->changed = true;
	script_run(k->test);
}

void modus_client_stall(struct modus_client *k, bool stalled)
{
	k->stalled = stalled;
	if (!stalled && k->admitted && !k->connected && !k->reset) {
		k->connected = true;
		k->changed = true;
	}
	script_run(k->test);
}

static const char *show(struct modus_client *k, size_t n)
{
	free(k->shown);
	k->shown = malloc(n + 1);
	if (!k->shown)
		testing_abort("out of memory");
	k->shown[n] = '\0';
	return k->shown;
}

static const char *next_message(struct modus_client *k, size_t *len)
{
	size_t n;

	if (wire_take(&k->received, &n, sizeof(n)) == 0)
		return NULL;
	show(k, n);
	wire_take(&k->received, k->shown, n);
	if (len)
		*len = n;
	return k->shown;
}

const char *modus_client_received(struct modus_client *k, size_t *len)
{
	size_t n = k->received.len;

	if (len)
		*len = 0;
	if (k->messages)
		return next_message(k, len);
	show(k, n);
	wire_take(&k->received, k->shown, n);
	if (len)
		*len = n;
	script_run(k->test); /* there is room for more */
	return k->shown;
}

/* ---- What it sees ---- */

static int error_of(const struct modus_client *k)
{
	const struct modus_conn *c = k->conn;

	if (k->finished || !c)
		return k->error;
	return k->result ? k->result : modus_error(c);
}

static enum modus_client_state state_of(const struct modus_client *k)
{
	const struct modus_conn *c = k->conn;

	if (k->kind == CLIENT_DATAGRAM)
		return k->serving || k->sent.len ? MODUS_WAITING : MODUS_PARKED;
	if (k->finished)
		return MODUS_CLOSED;
	if (!c)
		return MODUS_PARKED;
	if (c->state == CONN_FINISHING)
		return MODUS_CLOSED;
	if (k->output_ended)
		return MODUS_HALF_CLOSED;
	if (k->kind == CLIENT_FAR)
		return MODUS_WAITING;
	return c->parked == CONN_RUNNING ? MODUS_WAITING : MODUS_PARKED;
}

enum modus_client_state modus_client_state(const struct modus_client *k, int *error)
{
	if (error)
		*error = error_of(k);
	return state_of(k);
}
