/* SPDX-License-Identifier: MIT */
/* A connection's bytes, in the memory of its client; the results are those that TCP gives. */
#include "handlers/testing/testing.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { DATAGRAM_MAX = 65507, FILE_CHUNK = 16 << 10 };

/* The first call learns of a reset as such. */
static int reset_error(struct modus_client *k, int later)
{
	if (k->reset_told)
		return later;
	k->reset_told = true;
	return -ECONNRESET;
}

static ssize_t script_receive(struct modus_conn *c, void *buf, size_t size, int flags)
{
	struct modus_client *k = client_of(c);
	size_t n;

	if (c->kind == CONN_DATAGRAM)
		return 0; /* all there is was received with it */
	if (k->messages) {
		ssize_t got = wire_take_message(&k->arrived, buf, size);

		return got < 0 ? -EAGAIN : got < (ssize_t)size ? got : (ssize_t)size;
	}
	n = wire_take(&k->arrived, buf, size);
	if (n > 0)
		return (ssize_t)n;
	if (k->reset)
		return reset_error(k, 0);
	return k->ended ? 0 : -EAGAIN;
}

static size_t total(const struct iovec *parts, int n)
{
	size_t sum = 0;

	for (int i = 0; i < n; i++)
		sum += parts[i].iov_len;
	return sum;
}

static ssize_t send_message(struct modus_client *k, const struct iovec *parts, int n)
{
	struct wire whole = { 0 };
	size_t size = total(parts, n);

	if (size > DATAGRAM_MAX)
		return -EMSGSIZE;
	for (int i = 0; i < n; i++)
		wire_put(&whole, parts[i].iov_base, parts[i].iov_len);
	if (k->kind == CLIENT_DATAGRAM && k->from.len <= sizeof(sa_family_t))
		count(&k->test->loop.worker, COUNT_unanswerable);
	else
		wire_put_message(&k->received, whole.bytes + whole.start, size);
	wire_free(&whole);
	return (ssize_t)size;
}

/* At times the buffers of the kernel are full for no reason that can be seen. */
static size_t room_to_send(struct modus_client *k, size_t size)
{
	size_t room = SEND_BUFFER - k->outgoing.len;

	if (trial_happens(&k->test->trial, 4)) {
		k->changed = true; /* there is room again when the poller is asked next */
		return 0;
	}
	return trial_piece(&k->test->trial, size < room ? size : room);
}

static ssize_t script_send(struct modus_conn *c, const struct iovec *parts, int n)
{
	struct modus_client *k = client_of(c);
	size_t room, sent = 0;

	if (k->messages)
		return send_message(k, parts, n);
	if (k->reset)
		return reset_error(k, -EPIPE);
	if (k->output_ended)
		return -EPIPE;
	room = room_to_send(k, total(parts, n));
	for (int i = 0; i < n && sent < room; i++) {
		size_t left = room - sent, len = parts[i].iov_len;

		wire_put(&k->outgoing, parts[i].iov_base, len < left ? len : left);
		sent += len < left ? len : left;
	}
	return sent ? (ssize_t)sent : -EAGAIN;
}

static ssize_t script_sendfile(struct modus_conn *c, int fd, int64_t offset, size_t count)
{
	char buf[FILE_CHUNK];
	struct iovec part = { buf, sizeof(buf) };
	ssize_t n = pread(fd, buf, count < sizeof(buf) ? count : sizeof(buf), offset);

	if (n <= 0)
		return n < 0 ? -errno : 0;
	part.iov_len = (size_t)n;
	return script_send(c, &part, 1);
}

static int script_shutdown(struct modus_conn *c)
{
	client_of(c)->output_ended = true;
	return 0;
}

static size_t script_unread(struct modus_conn *c)
{
	return client_of(c)->arrived.len;
}

static socklen_t script_local(const struct modus_conn *c, struct sockaddr_storage *out)
{
	const struct address *a = &client_of(c)->listener.address;

	if (c->kind == CONN_OUTBOUND)
		return sizeof(sa_family_t);
	memcpy(out, &a->any, a->len);
	return a->len;
}

static void script_close(struct modus_conn *c)
{
	struct modus_client *k = client_of(c);

	k->error = k->result ? k->result : c->in_error ? c->in_error : c->out_error;
	if (k->kind == CLIENT_DATAGRAM) {
		k->result = 0;
		k->serving--;
		return;
	}
	k->conn = NULL;
	k->about = 0;
	k->finished = true;
	k->output_ended = true;
}

const struct transport script_transport = {
	.receive = script_receive,
	.send = script_send,
	.sendfile = script_sendfile,
	.shutdown = script_shutdown,
	.unread = script_unread,
	.local = script_local,
	.close = script_close,
};
