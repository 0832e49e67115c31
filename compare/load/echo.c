/* SPDX-License-Identifier: MIT */
/* The exchange with an echo service: messages that are never the same, which have to come back. */
#include "compare/load/exchange.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static const int64_t RESEND_NS = 200000000;
enum { STALE_MAX = 8 }; /* how far back a second reply to a datagram sent twice may lie */

static const char *echo_misfit(const struct load_options *o, const struct address *target)
{
	if (o->size < 1 || o->size > 64 << 20)
		return "the size of a message must be 1 byte to 64 MiB";
	if (target->type == SOCK_DGRAM && o->size > LOAD_DATAGRAM_MAX)
		return "a datagram holds at most 65507 bytes";
	return NULL;
}

static int echo_init(struct load *l)
{
	const struct load_options *o = l->options;

	l->starts = calloc((size_t)l->count * o->pipeline, sizeof(*l->starts));
	if (!l->starts)
		return -ENOMEM;
	for (unsigned i = 0; i < l->count; i++)
		l->conns[i].echo.starts = l->starts + (size_t)i * o->pipeline;
	return message_init(&l->message, o->size);
}

static void echo_end(struct load *l)
{
	message_free(&l->message);
	free(l->starts);
}

static size_t echo_sample(const struct load *l, char *out, size_t room)
{
	size_t n = l->options->size < room ? l->options->size : room;

	message_bytes(&l->message, UINT32_MAX, 0, out, n);
	return n;
}

/* What is not begun anew by a retry must not be taken for its reply: the retry begins with a
 * message that was never sent. */
static void echo_open(struct load *l, struct load_conn *c)
{
	c->echo.answered = c->echo.sent = c->echo.begun;
}

/* Fills the window of requests under way. */
static void echo_begin(struct load *l, struct load_conn *c, int64_t since)
{
	const struct load_options *o = l->options;
	struct echo *e = &c->echo;
	uint64_t full = e->answered / o->size + o->pipeline;

	for (uint64_t number = e->begun / o->size; number < full; number++)
		e->starts[number % o->pipeline] = since;
	e->begun = full * o->size;
	e->sent_at = load_now(l);
}

static size_t echo_output(struct load *l, struct load_conn *c, const void **bytes)
{
	uint64_t left = c->echo.begun - c->echo.sent;
	size_t n = left < LOAD_BUFFER ? (size_t)left : LOAD_BUFFER;

	message_bytes(&l->message, c->id, c->echo.sent, l->out, n);
	*bytes = l->out;
	return n;
}

static void echo_sent(struct load_conn *c, size_t n)
{
	c->echo.sent += n;
}

static bool echo_is(const struct load *l, const struct load_conn *c, uint64_t at, size_t n)
{
	message_bytes(&l->message, c->id, at, l->out, n);
	return !memcmp(l->in, l->out, n);
}

/* Counts the requests from position answered to until. */
static void echo_answered(struct load *l, struct load_conn *c, uint64_t until, int64_t now)
{
	const struct load_options *o = l->options;
	uint64_t first = c->echo.answered / o->size, end = until / o->size;

	c->echo.answered = until;
	for (uint64_t i = first; i < end; i++)
		conn_done(l, c, c->echo.starts[i % o->pipeline], now);
}

/* How many of the bytes that came are those that have to; at most so many were sent. */
static size_t right_bytes(const struct load *l, const struct load_conn *c, size_t n)
{
	size_t same = 0;

	if (echo_is(l, c, c->echo.answered, n))
		return n;
	while (l->in[same] == l->out[same])
		same++;
	return same;
}

/* What was right before a wrong byte counts all the same; a reply that is too long does not. */
static void stream_input(struct load *l, struct load_conn *c, size_t n, int64_t now)
{
	const struct echo *e = &c->echo;
	uint64_t sent = e->sent - e->answered;
	size_t right = right_bytes(l, c, n < sent ? n : (size_t)sent);

	if (right < n && right == sent)
		right -= l->options->size < right ? l->options->size : right;
	echo_answered(l, c, e->answered + right, now);
	if (right < n)
		conn_fail(l, c, LOAD_WRONG, 0);
}

/* One of the last messages, sent twice because its first reply came late. */
static bool is_stale(const struct load *l, const struct load_conn *c, size_t n)
{
	for (uint64_t back = 1; back <= STALE_MAX && back * n <= c->echo.answered; back++)
		if (echo_is(l, c, c->echo.answered - back * n, n))
			return true;
	return false;
}

static void datagram_input(struct load *l, struct load_conn *c, size_t n, int64_t now)
{
	const struct echo *e = &c->echo;
	size_t size = l->options->size;
	bool waiting = e->sent > e->answered;

	if (waiting && n == size && echo_is(l, c, e->answered, n))
		echo_answered(l, c, e->answered + n, now);
	else if (n == size && l->result->errors.count[LOAD_LOST] && is_stale(l, c, n))
		return;
	else if (waiting && n < size && echo_is(l, c, e->answered, n))
		conn_fail(l, c, LOAD_TRUNCATED, 0);
	else
		conn_fail(l, c, LOAD_WRONG, 0);
}

static void echo_input(struct load *l, struct load_conn *c, size_t n, int64_t now)
{
	(l->target.type == SOCK_STREAM ? stream_input : datagram_input)(l, c, n, now);
}

static bool echo_owed(const struct load *l, const struct load_conn *c)
{
	return c->echo.begun > c->echo.answered;
}

static bool echo_midway(const struct load *l, const struct load_conn *c)
{
	return c->echo.answered % l->options->size;
}

/* Sends a datagram again that got no reply for too long. */
static void echo_tick(struct load *l, struct load_conn *c, int64_t now)
{
	struct echo *e = &c->echo;

	if (l->target.type != SOCK_DGRAM || e->sent <= e->answered || now - e->sent_at <= RESEND_NS)
		return;
	l->result->errors.count[LOAD_LOST]++;
	e->sent = e->answered;
	e->sent_at = now;
	conn_push(l, c);
}

const struct exchange echo_exchange = {
	.misfit = echo_misfit,
	.init = echo_init,
	.end = echo_end,
	.open = echo_open,
	.begin = echo_begin,
	.output = echo_output,
	.sent = echo_sent,
	.input = echo_input,
	.owed = echo_owed,
	.midway = echo_midway,
	.tick = echo_tick,
	.sample = echo_sample,
};
