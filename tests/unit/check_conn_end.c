/* SPDX-License-Identifier: MIT */
/* Under which name failures are counted: on a transport that fails as it is told to. */
#include "core/connection.h"

#include "service_fixture.h"

static struct modus_conn *c;

static struct { /* what the transport says, and how often it was asked */
	ssize_t receives, sends;
	int times;
} told;

static ssize_t fake_receive(struct modus_conn *conn, void *buf, size_t size, int flags)
{
	told.times++;
	return told.receives;
}

static ssize_t fake_send(struct modus_conn *conn, const struct iovec *parts, int n)
{
	told.times++;
	return told.sends;
}

static ssize_t fake_sendfile(struct modus_conn *conn, int fd, int64_t offset, size_t count)
{
	told.times++;
	return told.sends;
}

static int fake_shutdown(struct modus_conn *conn)
{
	return 0;
}

static size_t fake_unread(struct modus_conn *conn)
{
	return 0;
}

static void fake_close(struct modus_conn *conn)
{
	/* the descriptor is not its own */
}

static const struct transport fake_transport = {
	.receive = fake_receive,
	.send = fake_send,
	.sendfile = fake_sendfile,
	.shutdown = fake_shutdown,
	.unread = fake_unread,
	.close = fake_close,
};

static void be(enum conn_kind kind)
{
	c->kind = (uint8_t)kind;
	if (kind == CONN_DATAGRAM)
		c->flags |= CONN_END;
}

/* That one counter stands at n, and no other that tells of failures. */
static void ck_only(enum counter which, uint64_t n)
{
	for (enum counter k = COUNT_denied; k < COUNT_KINDS; k++)
		ck_assert_msg(rig_count(k) == (k == which ? n : 0), "%s = %lu", counter_names[k],
			      (unsigned long)rig_count(k));
}

/* ---- Input ---- */

static const struct {
	int error;
	enum counter name;
} inputs[] = {
	{ -ECONNRESET, COUNT_reset },
	{ -EPIPE, COUNT_reset },
	{ -EHOSTUNREACH, COUNT_lost },
	{ -ENOMEM, COUNT_lost },
};

START_TEST(test_failed_input)
{
	char buf[4];

	for (size_t i = 0; i < sizeof(inputs) / sizeof(*inputs); i++) {
		uint64_t before = rig_count(inputs[i].name);

		c->in_error = 0;
		told.receives = inputs[i].error;
		ck_assert_int_eq(modus_read(c, buf, 4), inputs[i].error);
		ck_assert_int_eq(modus_read(c, buf, 4), inputs[i].error);
		ck_assert_uint_eq(rig_count(inputs[i].name), before + 1);
	}
}
END_TEST

START_TEST(test_first_failure_is_counted)
{
	char buf[4];

	told.receives = told.sends = -ECONNRESET;
	ck_assert_int_eq(modus_read(c, buf, 4), -ECONNRESET);
	ck_assert_int_eq(modus_write(c, "x", 1), 0);
	ck_assert_int_eq(modus_flush(c), -ECONNRESET);
	ck_only(COUNT_reset, 1);
}
END_TEST

/* ---- Output ---- */

START_TEST(test_write_that_takes_too_long)
{
	told.sends = -EAGAIN;
	modus_set_deadline(c, MODUS_WRITE, 0);
	ck_assert_int_eq(modus_write(c, "x", 1), 0);
	ck_assert_int_eq(modus_flush(c), -ETIMEDOUT);
	ck_only(COUNT_write_timeout, 1);
}
END_TEST

/* The system says that there is room, and takes nothing all the same: nobody spins. */
START_TEST(test_room_that_is_none)
{
	told.sends = -EAGAIN;
	modus_set_deadline(c, MODUS_WRITE, 100);
	ck_assert_int_eq(modus_write(c, "x", 1), 0);
	ck_assert_int_eq(modus_flush(c), -ETIMEDOUT);
	c->out_error = 0;
	ck_assert_int_eq(modus_sendfile(c, 0, 0, 1), -ETIMEDOUT);
	ck_assert_int_lt(told.times, 100);
	ck_only(COUNT_write_timeout, 2);
}
END_TEST

/* ---- Datagrams: a reply that fails is counted once, and what follows it is not tried ---- */

static const int refusals[] = { -ENOBUFS, -ECONNREFUSED, -EMSGSIZE, -EPERM, -EAGAIN, -ECONNRESET };

START_TEST(test_undelivered)
{
	be(CONN_DATAGRAM);
	modus_set_deadline(c, MODUS_WRITE, 0);
	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
		int want = refusals[i] == -EAGAIN ? -ETIMEDOUT : refusals[i];

		c->out_error = 0;
		told.sends = refusals[i];
		ck_assert_int_eq(modus_write(c, "reply", 5), 0);
		ck_assert_int_eq(modus_flush(c), want);
		told.times = 0;
		ck_assert_int_eq(modus_write(c, "another", 7), want);
		ck_assert_int_eq(modus_flush(c), want);
		ck_assert_int_eq(told.times, 0);
		ck_only(COUNT_undelivered, i + 1);
	}
	be(CONN_STREAM);
}
END_TEST

/* It is written in pieces, so core sees it before the system does. */
START_TEST(test_reply_longer_than_any_datagram)
{
	static char big[40000];

	be(CONN_DATAGRAM);
	ck_assert_int_eq(modus_write(c, big, sizeof(big)), 0);
	ck_assert_int_eq(modus_write(c, big, sizeof(big)), -EMSGSIZE);
	ck_assert_int_eq(modus_flush(c), -EMSGSIZE);
	ck_assert_int_eq(told.times, 0);
	ck_only(COUNT_undelivered, 1);
	be(CONN_STREAM);
}
END_TEST

/* The request was wrong, and the reply that says so is lost as well. */
START_TEST(test_reply_to_a_bad_datagram)
{
	be(CONN_DATAGRAM);
	memcpy(c->in, "longer", c->in_len = 6);
	ck_assert_ptr_null(modus_readline(c, 3, NULL));
	ck_assert_uint_eq(rig_count(COUNT_too_long), 1);
	told.sends = -ENOBUFS;
	ck_assert_int_eq(modus_write(c, "err", 3), 0);
	ck_assert_int_eq(modus_flush(c), -ENOBUFS);
	ck_assert_uint_eq(rig_count(COUNT_undelivered), 1);
	ck_assert_uint_eq(rig_count(COUNT_lost), 0);
	c->in_len = 0;
	be(CONN_STREAM);
}
END_TEST

/* ---- Outbound connections have a name of their own ---- */

START_TEST(test_upstream)
{
	static const int errors[] = { -ECONNRESET, -ECONNREFUSED, -EPIPE };
	char buf[4];

	be(CONN_OUTBOUND);
	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++) {
		c->in_error = c->out_error = 0;
		told.receives = told.sends = errors[i];
		ck_assert_int_eq(modus_read(c, buf, 4), errors[i]);
		ck_assert_int_eq(modus_write(c, "x", 1), 0);
		ck_assert_int_eq(modus_flush(c), errors[i]);
		ck_only(COUNT_upstream_failed, i + 1);
	}
	be(CONN_STREAM);
}
END_TEST

START_TEST(test_upstream_that_is_slow)
{
	char buf[4];

	be(CONN_OUTBOUND);
	told.receives = told.sends = -EAGAIN;
	modus_set_deadline(c, MODUS_REQUEST, 0);
	modus_set_deadline(c, MODUS_WRITE, 0);
	ck_assert_int_eq(modus_read(c, buf, 4), -ETIMEDOUT);
	c->in_error = 0;
	ck_assert_int_eq(modus_write(c, "x", 1), 0);
	ck_assert_int_eq(modus_flush(c), -ETIMEDOUT);
	ck_only(COUNT_upstream_failed, 2);
	be(CONN_STREAM);
}
END_TEST

START_TEST(test_upstream_that_cannot_be_made)
{
	struct modus_conn *up;

	ck_assert_int_eq(modus_connect(c, "unix:///nowhere/at/all", 1000, &up), -ENOENT);
	ck_assert_ptr_null(up);
	ck_only(COUNT_upstream_failed, 1);
	ck_assert_int_eq(modus_error(c), 0);
}
END_TEST

/* ---- The end of the grace cuts a request once, whatever it waits for ---- */

static int read_it(void)
{
	char buf[4];

	return (int)modus_read(c, buf, 4);
}

static int sleep_it(void)
{
	return modus_sleep(c, 1);
}

static int poll_it(void)
{
	return modus_poll(c, NULL, 0, 1);
}

static int work(void *worker, void *arg)
{
	return -ECANCELED;
}

static int block_it(void)
{
	return modus_block(c, work, NULL);
}

static int connect_it(void)
{
	struct modus_conn *up;

	return modus_connect(c, "tcp://127.0.0.1:1", 1000, &up);
}

static int write_it(void)
{
	return modus_write(c, "x", 1) ? -EIO : modus_flush(c);
}

static int (*const waits[])(void) = { read_it, sleep_it, poll_it, block_it, connect_it, write_it };

START_TEST(test_canceled)
{
	told.receives = told.sends = -EAGAIN;
	rig_phase(PHASE_CANCELED);
	for (size_t i = 0; i < sizeof(waits) / sizeof(*waits); i++) {
		c->flags = 0;
		c->in_error = c->out_error = 0;
		for (size_t k = 0; k < sizeof(waits) / sizeof(*waits); k++)
			ck_assert_int_eq(waits[(i + k) % (sizeof(waits) / sizeof(*waits))](),
					 -ECANCELED);
		ck_only(COUNT_canceled, i + 1);
	}
}
END_TEST

/* What a piece of work returns says nothing of the service. */
START_TEST(test_not_canceled)
{
	ck_assert_int_eq(block_it(), -ECANCELED);
	ck_only(COUNT_canceled, 0);
}
END_TEST

/* Nor is what finish() does a request, nor what a task does. */
START_TEST(test_canceled_without_a_request)
{
	struct modus_conn *task = conn_task_begin(&rig.worker);

	rig_phase(PHASE_CANCELED);
	ck_assert_int_eq(modus_sleep(task, 1), -ECANCELED);
	c->state = CONN_FINISHING;
	ck_assert_int_eq(block_it(), -ECANCELED);
	c->state = CONN_OPEN;
	ck_only(COUNT_canceled, 0);
	conn_task_end(task);
}
END_TEST

/* ---- setup() ---- */

static int setup_result;

static int setup(struct modus_conn *conn)
{
	char buf[4];
	ssize_t n = modus_read(conn, buf, 4);

	return n < 0 ? (int)n : setup_result;
}

static void step_new(void)
{
	c->state = CONN_NEW;
	ck_assert_int_eq(conn_step(c), CONN_STEP_CLOSED);
	c = rig_connect();
	c->transport = &fake_transport;
}

START_TEST(test_setup_that_refuses)
{
	rig.plugin.setup = setup;
	setup_result = -EPROTO;
	step_new();
	ck_only(COUNT_setup_failed, 1);
}
END_TEST

START_TEST(test_peer_that_leaves_setup)
{
	rig.plugin.setup = setup;
	told.receives = -ECONNRESET;
	step_new();
	ck_only(COUNT_reset, 1);
}
END_TEST

static void set_up(void)
{
	rig_set_up();
	told.receives = told.sends = 0;
	told.times = 0;
	c = rig_connect();
	c->transport = &fake_transport;
}

static void tear_down(void)
{
	c->out_error = -EPIPE; /* so that nobody lingers, and nothing more is sent */
	close(c->fd);
	rig_close(c);
	rig_end();
}

int main(void)
{
	const TTest *const tests[] = {
		test_failed_input,
		test_first_failure_is_counted,
		test_write_that_takes_too_long,
		test_room_that_is_none,
		test_undelivered,
		test_reply_longer_than_any_datagram,
		test_reply_to_a_bad_datagram,
		test_upstream,
		test_upstream_that_is_slow,
		test_upstream_that_cannot_be_made,
		test_canceled,
		test_not_canceled,
		test_canceled_without_a_request,
		test_setup_that_refuses,
		test_peer_that_leaves_setup,
	};

	return SUITE_RUN("conn_end", tests, set_up, tear_down);
}
