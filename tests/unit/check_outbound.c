/* SPDX-License-Identifier: MIT */
/* Connections to others, which a dialer makes as it is told to. */
#include "core/outbound.h"

#include "core/address.h"
#include "core/transport.h"

#include "service_fixture.h"

enum { ADDRESSES = 3, LONG = 20000 };

static struct modus_conn *c;
static int outcomes[ADDRESSES]; /* of the connections to each */
static int dialed;              /* how many there were */

static int resolve(struct modus_conn *conn, const char *text, struct address *all, int max)
{
	for (int i = 0; i < ADDRESSES; i++)
		ck_assert_int_eq(address_parse("tcp://127.0.0.1:1", &all[i]), 0);
	return ADDRESSES;
}

static int dial(struct modus_conn *up, const struct address *to)
{
	up->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); /* it can be written to */
	return up->fd < 0 ? -errno : 0;
}

static int tell(struct modus_conn *up)
{
	return outcomes[dialed++];
}

static const struct dialer fake_dialer = {
	.transport = &transport_stream,
	.resolve = resolve,
	.dial = dial,
	.dialed = tell,
};

static void begin(void)
{
	rig_set_up();
	rig.worker.dialer = &fake_dialer;
	c = rig_connect();
}

static void end(void)
{
	rig_close(c);
	rig_end();
}

static int connect_to(int first, int second, int third, int ms)
{
	struct modus_conn *up;
	int rc;

	memcpy(outcomes, (int[]) { first, second, third }, sizeof(outcomes));
	dialed = 0;
	rc = modus_connect(c, "tcp://some.where:1", ms, &up);
	ck_assert_int_eq(rc == 0, up != NULL);
	ck_assert_ptr_eq(c->outbound, up);
	if (up)
		modus_close(up);
	return rc;
}

START_TEST(test_takes_the_first_that_answers)
{
	ck_assert_int_eq(connect_to(0, -EIO, -EIO, LONG), 0);
	ck_assert_int_eq(dialed, 1);
	ck_assert_int_eq(connect_to(-ECONNREFUSED, -ENETUNREACH, 0, MODUS_FOREVER), 0);
	ck_assert_int_eq(dialed, 3);
	ck_assert_uint_eq(rig_count(COUNT_upstream_failed), 0);
}
END_TEST

START_TEST(test_tells_why_the_last_failed)
{
	ck_assert_int_eq(connect_to(-EIO, -ENETUNREACH, -ECONNREFUSED, LONG), -ECONNREFUSED);
	ck_assert_int_eq(dialed, 3);
	ck_assert_uint_eq(rig_count(COUNT_upstream_failed), 1);
}
END_TEST

/* It is the system that has waited long enough for the first. */
START_TEST(test_goes_on_from_one_that_is_silent)
{
	ck_assert_int_eq(connect_to(-ETIMEDOUT, 0, -EIO, LONG), 0);
	ck_assert_int_eq(connect_to(-ETIMEDOUT, 0, -EIO, MODUS_FOREVER), 0);
}
END_TEST

START_TEST(test_without_time)
{
	ck_assert_int_eq(connect_to(0, 0, 0, 0), -ETIMEDOUT);
	ck_assert_int_eq(dialed, 0);
}
END_TEST

START_TEST(test_canceled)
{
	ck_assert_int_eq(connect_to(-ECANCELED, 0, 0, LONG), -ECANCELED);
	ck_assert_int_eq(dialed, 1);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_takes_the_first_that_answers,
		test_tells_why_the_last_failed,
		test_goes_on_from_one_that_is_silent,
		test_without_time,
		test_canceled,
	};

	return SUITE_RUN("outbound", tests, begin, end);
}
