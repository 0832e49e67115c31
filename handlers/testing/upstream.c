/* SPDX-License-Identifier: MIT */
/*
 * The far ends of the plugin's modus_connect().  A host's name is looked up among the far ends that
 * the test has made, each of which has an address of its own in the range for benchmarks.
 */
#include "handlers/testing/testing.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct modus_client *find_name(struct modus_test *t, const char *text)
{
	for (size_t i = 0; i < t->client_count; i++)
		if (t->clients[i]->name && strcmp(t->clients[i]->name, text) == 0)
			return t->clients[i];
	return NULL;
}

/* 198.18.0.1 and on; the same name has the same address. */
static void make_address(struct modus_client *k, const char *text)
{
	const struct modus_client *same = find_name(k->test, text);
	struct address *a = &k->listener.address;

	if (same) {
		*a = same->listener.address;
	} else {
		*a = (struct address) { .type = strncmp(text, "udp", 3) ? SOCK_STREAM : SOCK_DGRAM,
					.len = sizeof(a->in) };
		a->in.sin_family = AF_INET;
		a->in.sin_addr.s_addr = htonl(0xc6120000u + (uint32_t)k->test->client_count);
		a->in.sin_port = htons(1);
	}
	k->name = strdup(text);
}

struct modus_client *modus_test_accept(struct modus_test *t, const char *to)
{
	struct modus_client *k = client_new(t, CLIENT_FAR, to);
	int rc = address_parse(to, &k->listener.address);

	if (rc == -ENOENT)
		make_address(k, to);
	else if (rc)
		testing_abort("\"%s\" is no address to connect to, want \"tcp://host:port\", "
			      "\"udp://host:port\" or \"unix:///path\"",
			      to);
	k->messages = k->listener.address.type == SOCK_DGRAM;
	return k;
}

static int script_resolve(struct modus_conn *c, const char *text, struct address *all, int max)
{
	const struct modus_client *k = find_name(test_of(c), text);

	if (!k)
		return -ENOENT;
	all[0] = k->listener.address;
	return 1;
}

static bool is_at(const struct modus_client *k, const struct address *to)
{
	const struct address *a = &k->listener.address;

	return k->kind == CLIENT_FAR && !k->admitted && a->type == to->type && a->len == to->len &&
	       memcmp(&a->any, &to->any, a->len) == 0;
}

static int script_dial(struct modus_conn *up, const struct address *to)
{
	struct modus_test *t = test_of(up);

	for (size_t i = 0; i < t->client_count; i++) {
		struct modus_client *k = t->clients[i];

		if (!is_at(k, to))
			continue;
		k->admitted = true;
		k->connected = !k->stalled && !k->reset;
		k->conn = up;
		up->fd = k->fd;
		return 0;
	}
	return -ECONNREFUSED;
}

static int script_dialed(struct modus_conn *up)
{
	return client_of(up)->connected ? 0 : -ECONNREFUSED;
}

const struct dialer script_dialer = {
	.transport = &script_transport,
	.resolve = script_resolve,
	.dial = script_dial,
	.dialed = script_dialed,
};
