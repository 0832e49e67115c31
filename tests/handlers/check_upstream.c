/* SPDX-License-Identifier: MIT */
/* Scripted far ends of what the plugin connects to. */
#include "every.h"

#define UP "tcp://203.0.113.5:80"

START_TEST(relays)
{
	struct modus_test *t = begin_every("", _i);
	struct modus_client *k = stream(t), *up = modus_test_accept(t, UP);

	expect_state(up, MODUS_PARKED, 0);
	ask(k, "connect " UP "\n", "ok\n");
	expect_state(up, MODUS_WAITING, 0);
	ask(k, "relay one\n", "");
	expect(up, "one\n");
	say(up, "two\n");
	expect(k, "ok two\n");
	modus_client_shutdown(up);
	ask(k, "relay three\n", "end\n");
	expect(up, "three\n");
	ask(k, "upclose\n", "ok\n");
	expect_state(up, MODUS_CLOSED, 0);
	modus_test_end(t);
}
END_TEST

START_TEST(finds_names)
{
	struct modus_test *t = begin_every("", _i);
	struct modus_client *k = stream(t), *up = modus_test_accept(t, "tcp://db.example:5432");
	struct modus_client *un = modus_test_accept(t, "unix:///run/db");

	ask(k, "connect tcp://else.example:1\n", "err -ENOENT\n");
	ask(k, "connect tcp://db.example:5432\n", "ok\n");
	ask(k, "relay x\n", "");
	ask(up, "y\n", "x\n");
	expect(k, "ok y\n");
	ask(k, "upclose\nconnect unix:///run/db\n", "ok\nok\n");
	modus_client_reset(un);
	ask(k, "relay x\n", "err -ECONNRESET\n");
	modus_test_end(t);
}
END_TEST

START_TEST(cannot_connect)
{
	struct modus_test *t = begin_every("", _i);
	struct modus_client *k = stream(t), *up = modus_test_accept(t, UP);

	ask(k, "connect tcp://203.0.113.6:80\n", "err -ECONNREFUSED\n");
	ask(k, "connect 203.0.113.6\n", "err -EINVAL\n");
	modus_client_stall(up, true);
	ask(k, "connect " UP "\n", "");
	modus_test_elapse(t, 4999);
	expect(k, "");
	modus_test_elapse(t, 1);
	expect(k, "err -ETIMEDOUT\n");
	up = modus_test_accept(t, UP);
	modus_client_stall(up, true);
	ask(k, "connect " UP "\n", "");
	modus_client_reset(up);
	expect(k, "err -ECONNREFUSED\n");
	up = modus_test_accept(t, UP);
	modus_client_stall(up, true);
	ask(k, "connect " UP "\n", "");
	modus_client_stall(up, false);
	expect(k, "ok\n");
	ask(k, "upclose\n", "ok\n");
	modus_test_fail(t, "modus_connect", 1, -EHOSTUNREACH);
	ask(k, "connect " UP "\n", "err -EHOSTUNREACH\n");
	modus_test_end(t);
}
END_TEST

static void send_much(struct modus_client *k, size_t n)
{
	static char bytes[100000];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)('a' + i % 26);
	for (; n > 0; n -= n < sizeof(bytes) ? n : sizeof(bytes))
		modus_client_send(k, bytes, n < sizeof(bytes) ? n : sizeof(bytes));
}

static size_t receive_all(struct modus_client *k)
{
	size_t all = 0, len;

	do {
		modus_client_received(k, &len);
		all += len;
	} while (len > 0);
	return all;
}

/* Both write before they read: a tunnel that waits in a write gets stuck here. */
START_TEST(tunnels_both_ways)
{
	struct modus_test *t = begin_every("", _i);
	struct modus_client *k = stream(t), *up = modus_test_accept(t, UP);
	size_t n = _i == 0 ? 200000 : 4000000;

	ask(k, "tunnel " UP "\n", "ok\n");
	modus_client_stall(k, true);
	modus_client_stall(up, true);
	send_much(k, n);
	send_much(up, n);
	modus_test_elapse(t, 14000);
	expect_state(k, MODUS_WAITING, 0);
	modus_client_stall(k, false);
	modus_client_stall(up, false);
	ck_assert_uint_eq(receive_all(up), n);
	modus_client_shutdown(k);
	ck_assert_uint_eq(receive_all(k), n);
	expect_state(up, MODUS_HALF_CLOSED, 0);
	ask(up, "last", "");
	expect(k, "last");
	modus_client_shutdown(up);
	ck_assert_int_eq(modus_client_state(k, NULL), MODUS_CLOSED);
	ck_assert_int_eq(modus_client_state(up, NULL), MODUS_CLOSED);
	modus_test_end(t);
}
END_TEST

START_TEST(tunnel_is_reset)
{
	struct modus_test *t = begin_every("", _i);

	for (int side = 0; side < 2; side++) {
		struct modus_client *k = stream(t), *up = modus_test_accept(t, UP);

		ask(k, "tunnel " UP "\n", "ok\n");
		ask(k, "abc", "");
		expect(up, "abc");
		modus_client_reset(side ? k : up);
		ck_assert_int_eq(modus_client_state(k, NULL), MODUS_CLOSED);
		ck_assert_int_eq(modus_client_state(up, NULL), MODUS_CLOSED);
	}
	modus_test_end(t);
}
END_TEST

START_TEST(ends_with_its_owner)
{
	struct modus_test *t = begin_every("", _i);
	struct modus_client *k = stream(t), *up = modus_test_accept(t, "udp://203.0.113.5:53");

	ask(k, "connect udp://203.0.113.5:53\nrelay q\n", "ok\n");
	expect(up, "q\n");
	say(up, "answer\n");
	expect(k, "ok answer\n");
	modus_client_shutdown(k);
	expect_state(k, MODUS_CLOSED, 0);
	expect_state(up, MODUS_CLOSED, 0);
	modus_test_end(t);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("upstream");
	TCase *all = tcase_create("all");

	tcase_set_timeout(all, 60);
	tcase_add_loop_test(all, relays, -1, SEEDS);
	tcase_add_loop_test(all, finds_names, -1, SEEDS);
	tcase_add_loop_test(all, cannot_connect, -1, SEEDS);
	tcase_add_loop_test(all, tunnels_both_ways, -1, SEEDS);
	tcase_add_loop_test(all, tunnel_is_reset, -1, SEEDS);
	tcase_add_loop_test(all, ends_with_its_owner, -1, SEEDS);
	suite_add_tcase(s, all);
	return run(s);
}
