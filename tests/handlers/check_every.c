/* SPDX-License-Identifier: MIT */
/* What a plugin can do in a dialogue, under every hardship. */
#include "every.h"

START_TEST(is_told)
{
	struct modus_test *t = begin_every("text = \"x\"; pause = 2;", _i);
	struct modus_client *k = stream(t);

	ask(k, "peer\n", "ok 192.0.2.1:4000\n");
	ask(k, "local\n", "ok 192.0.2.9:80\n");
	ask(k, "events\n", "ok input\n");
	ask(k, "datagram\n", "ok no\n");
	ask(k, "name\n", "ok every every\n");
	ask(k, "session\nsession\n", "ok 1\nok 2\n");
	ask(k, "settings\n",
	    "ok flag=1 whole=7 size=65536 pause=2000 text=x colour=1 words= points= "
	    "range=0:1000 inner=\n");
	ask(k, "counts\n",
	    "ok verify=1 setup=1 finish=0 tick=0 start=1 attach=0 detach=0 work=0 drained=0\n");
	ask(k, "alloc 100000\n", "ok 100000\n");
	ask(k, "quit\n", "ok\n");
	expect_state(k, MODUS_CLOSED, 0);
	modus_test_end(t);
}
END_TEST

START_TEST(addresses)
{
	struct modus_test *t = begin_every("", _i);

	ask(modus_test_connect(t, "[2001:db8::1]:9", "tcp://[::1]:80"), "peer\nlocal\n",
	    "ok [2001:db8::1]:9\nok [::1]:80\n");
	ask(modus_test_connect(t, "unix:/run/me", "unix:///run/it"), "peer\nlocal\n",
	    "ok unix:/run/me\nok unix:/run/it\n");
	modus_test_end(t);
}
END_TEST

START_TEST(reads)
{
	struct modus_test *t = begin_every("", _i);
	struct modus_client *k = stream(t);

	ask(k, "readn 5\nabcde", "ok 5\nabcde");
	ask(k, "peek 4\nabcdquit", "ok 4\nabcd");
	ask(k, "\n", "ok\n");
	expect_state(k, MODUS_CLOSED, 0);
	k = stream(t);
	ask(k, "lines 2\none\ntwo\r\n", "line 3 one\nline 3 two\nok 2\n");
	say(k, "read");
	expect_state(k, MODUS_PARKED, 0);
	say(k, "n 3\n");
	expect_state(k, MODUS_WAITING, 0);
	say(k, "ab");
	modus_client_shutdown(k);
	expect(k, "err -EBADMSG\n");
	expect_state(k, MODUS_CLOSED, -EBADMSG);
	modus_test_end(t);
}
END_TEST

START_TEST(writes_much)
{
	struct modus_test *t = begin_every("", _i);
	struct modus_client *k = stream(t);
	size_t got = 0, len, want = 3 * 1000 * 1000 + strlen("ok 3000000\n");

	if (_i == 0)
		want = 300 * 1000 + strlen("ok 300000\n");
	modus_client_stall(k, true);
	say(k, _i ? "big 3000000 70000\n" : "big 300000\n");
	expect_state(k, MODUS_WAITING, 0);
	expect(k, "");
	modus_client_stall(k, false);
	do {
		modus_client_received(k, &len);
		got += len;
	} while (len > 0);
	ck_assert_uint_eq(got, want);
	ask(k, "sendfile 3 1\n", "ok 3\nbcd");
	ask(k, "shutdown\n", "ok\n");
	expect_state(k, MODUS_HALF_CLOSED, 0);
	say(k, "more");
	modus_client_shutdown(k);
	expect_state(k, MODUS_CLOSED, 0);
	modus_test_end(t);
}
END_TEST

START_TEST(sends_a_file_that_is_short)
{
	struct modus_test *t = begin_every("", _i);
	struct modus_client *k = stream(t);

	say(k, "sendshort 5000\n");
	expect_state(k, MODUS_CLOSED, -EIO);
	modus_test_end(t);
}
END_TEST

START_TEST(blocks)
{
	struct modus_test *t = begin_every("finish_block = true;", _i);
	struct modus_client *k = stream(t), *other = stream(t);
	const char *counts;
	int attached;

	ask(k, "blockresult\n", "ok 42 works=1\n");
	say(k, "blockerr\nblock 0\n");
	ask(other, "fd\n", "ok 1\n");
	ck_assert_ptr_nonnull(strstr(modus_client_received(k, NULL), "err -EDOM\nok 0 works="));
	ask(other, "quit\n", "ok\n");
	say(k, "counts\n");
	counts = modus_client_received(k, NULL);
	ck_assert_ptr_nonnull(strstr(counts, "finish=1"));
	ck_assert_int_eq(sscanf(strstr(counts, "attach="), "attach=%d", &attached), 1);
	ck_assert(attached == 1 || (attached == 2 && _i >= 0));
	modus_test_end(t);
}
END_TEST

START_TEST(attach_fails)
{
	struct modus_test *t = begin_every("attach_error = true;", _i);

	ask(stream(t), "block 0\n", "err -ENOTCONN\n");
	modus_test_end(t);
}
END_TEST

START_TEST(tells_news)
{
	struct modus_test *t = begin_every("", _i);
	struct modus_client *k = stream(t), *other = stream(t);

	ask(k, "subscribe board\n", "ok\n");
	expect_state(k, MODUS_PARKED, 0);
	ask(other, "publish board\n", "ok\n");
	expect(k, "news\n");
	ask(other, "blockpublish board\n", "ok 0 works=1\n");
	expect(k, "news\n");
	modus_publish("board");
	modus_test_elapse(t, 0);
	expect(k, "news\n");
	ask(k, "unsubscribe\n", "ok\n");
	ask(other, "publish board\n", "ok\n");
	expect(k, "");
	modus_test_end(t);
}
END_TEST

START_TEST(news_between_services)
{
	struct modus_test *t = begin_every("", _i), *u = begin_every("", _i);
	struct modus_client *k = stream(t), *other = stream(u);

	ask(k, "subscribe board\n", "ok\n");
	ask(other, "publish board\n", "ok\n");
	modus_test_end(u);
	modus_test_elapse(t, 0);
	expect(k, "news\n");
	modus_test_end(t);
}
END_TEST

START_TEST(datagrams)
{
	struct modus_test *t = begin_every("", _i);
	struct modus_client *k = modus_test_connect(t, "192.0.2.1:4000", "udp://");

	say(k, "echo a\necho b");
	expect(k, "ok a\nok b\n");
	say(k, "");
	expect(k, "empty\n");
	say(k, "flush one");
	expect(k, "ok one\n");
	expect(k, "flushed 0\n");
	say(k, "sleep 50");
	expect_state(k, MODUS_WAITING, 0);
	ck_assert_ptr_null(modus_client_received(k, NULL));
	modus_test_elapse(t, 50);
	expect(k, "ok\n");
	say(k, "return -5");
	expect_state(k, MODUS_PARKED, -EIO);
	modus_test_end(t);
}
END_TEST

START_TEST(hosts)
{
	struct modus_test *t;
	char settings[4200];

	snprintf(settings, sizeof(settings),
		 "inner = { type = \"%s/every_inner.so\"; number = 5; };", getenv("FIXTURES"));
	t = begin_every(settings, _i);
	ask(stream(t), "inner\n",
	    "ok greeting=hi number=5 calls=1 start=1 state=inner-state worker=inner-worker\n");
	modus_test_end(t);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("every");
	TCase *all = tcase_create("all");

	tcase_set_timeout(all, 30);
	tcase_add_loop_test(all, is_told, -1, SEEDS);
	tcase_add_loop_test(all, addresses, -1, SEEDS);
	tcase_add_loop_test(all, reads, -1, SEEDS);
	tcase_add_loop_test(all, writes_much, -1, SEEDS);
	tcase_add_loop_test(all, sends_a_file_that_is_short, -1, SEEDS);
	tcase_add_loop_test(all, blocks, -1, SEEDS);
	tcase_add_loop_test(all, attach_fails, -1, SEEDS);
	tcase_add_loop_test(all, tells_news, -1, SEEDS);
	tcase_add_loop_test(all, news_between_services, -1, SEEDS);
	tcase_add_loop_test(all, datagrams, -1, SEEDS);
	tcase_add_loop_test(all, hosts, -1, SEEDS);
	suite_add_tcase(s, all);
	return run(s);
}
