/* SPDX-License-Identifier: MIT */
#include "core/connection.h"

#include "core/clock.h"

#include "service_fixture.h"

enum { MANY = 33, IDLE = 1000, REQUEST = 20000 };

/* A strategy that parks, and otherwise blocks. */
static ssize_t try_to_receive(struct modus_conn *c, char **at, size_t room, int ms)
{
	return c->transport->receive(c, *at, room, MSG_DONTWAIT);
}

static struct modus_io parking;
static unsigned requests;

/* A request is a byte; but the last, the first of the second step, lacks another. */
static int handle(struct modus_conn *c)
{
	char byte;

	if (++requests == MANY)
		return MODUS_KEEP;
	return modus_read(c, &byte, 1) == 1 ? MODUS_KEEP : MODUS_CLOSE;
}

static void begin(void)
{
	rig_defaults();
	parking = blocking_io;
	parking.idle = try_to_receive;
	rig.model.io = &parking;
	rig.plugin.handle = handle;
	rig.plan.timeouts.idle = IDLE;
	rig.plan.timeouts.request = REQUEST;
	rig_begin();
}

/* How long a client may be silent at first says nothing of how long its requests may take. */
START_TEST(test_time_of_a_request)
{
	struct modus_conn *c = rig_connect();
	int64_t start = clock_ms();
	char bytes[MANY] = { 0 };
	int steps = 1;

	c->state = CONN_NEW;
	c->due = start + IDLE; /* as models that park have it admitted */
	rig_send(bytes, sizeof(bytes));
	while (conn_step(c) == CONN_STEP_YIELDED)
		steps++;
	ck_assert_int_eq(steps, 2);
	ck_assert_uint_eq(requests, MANY);
	ck_assert_int_eq(c->in_len, 1);
	ck_assert_int_ge(c->due, start + REQUEST);
	ck_assert_int_eq(conn_lend(c), 0);
	rig_close(c);
}
END_TEST

/* ---- Others' turns while a file is sent ---- */

static unsigned turns;

static ssize_t take_all(struct modus_conn *c, int fd, int64_t offset, size_t count)
{
	return (ssize_t)count;
}

static int give_turn(struct modus_conn *c, struct modus_pollfd *want, unsigned n, int ms)
{
	ck_assert(n == 0 && ms == 0);
	turns++;
	return 0;
}

/* Its reader is as fast as we are, so it never has to wait for room. */
START_TEST(test_turns_while_a_file_is_sent)
{
	struct transport greedy = { .sendfile = take_all };
	struct modus_conn *c = rig_connect();

	c->transport = &greedy;
	parking.wait = give_turn;
	ck_assert_int_eq(modus_sendfile(c, 0, 0, 100 << 20), 0);
	ck_assert_uint_ge(turns, 50);
	c->transport = &transport_stream;
	rig_close(c);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_time_of_a_request,
		test_turns_while_a_file_is_sent,
	};

	return SUITE_RUN("connection", tests, begin, rig_end);
}
