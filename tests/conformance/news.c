/* SPDX-License-Identifier: MIT */
/*
 * News reach parked connections, under every model, from wherever they are published.  One too many
 * may come, so replies are looked for behind any number of them.
 */
#include "tests/conformance/harness.h"

#include <string.h>

enum { WATCHERS = 12, MORE_WATCHERS = 24 };

static struct server *every(void)
{
	return server_shared("type = \"every\";", "");
}

static void expect_past_news(int fd, const char *want)
{
	const char *got;

	do
		got = hear(fd);
	while (strcmp(got, "news") == 0);
	ck_assert_str_eq(got, want);
}

static int watcher(const struct server *s, const char *service, const char *topic)
{
	int fd = client_at(server_url(s, service));

	say(fd, "subscribe %s", topic);
	expect(fd, "ok");
	return fd;
}

START_TEST(publisher_hears_itself)
{
	int fd = watcher(every(), "test", "self");

	say(fd, "publish self");
	expect_past_news(fd, "ok");
	expect(fd, "news");
	say(fd, "blockpublish self");
	ck_assert_int_ge(field(hear(fd), "works"), 1);
	expect(fd, "news");
}
END_TEST

START_TEST(watcher_hears_another)
{
	int watching = watcher(every(), "test", "a"), other = client(every());

	for (int i = 0; i < 5; i++) {
		ask(other, "publish a", "ok");
		expect(watching, "news");
	}
	say(watching, "echo x");
	expect_past_news(watching, "ok x");
}
END_TEST

START_TEST(work_publishes)
{
	int watching = watcher(every(), "test", "work"), other = client(every());

	say(other, "blockpublish work");
	expect(watching, "news");
	ck_assert_int_ge(field(hear(other), "works"), 1);
}
END_TEST

/* News that come while a request runs are not lost, but wait for its end. */
START_TEST(news_wait_for_the_request)
{
	int watching = watcher(every(), "test", "busy"), other = client(every());

	say(watching, "echo begins\nsleep 150");
	expect(watching, "ok begins");
	ask(other, "publish busy", "ok");
	expect(watching, "ok");
	expect(watching, "news");
}
END_TEST

START_TEST(news_pass_half_a_request)
{
	int watching = watcher(every(), "test", "half"), other = client(every());

	put(watching, "echo ha", 7);
	ask(other, "publish half", "ok");
	expect(watching, "news");
	put(watching, "lf\n", 3);
	expect_past_news(watching, "ok half");
}
END_TEST

START_TEST(unsubscribed_hear_nothing)
{
	int quiet = watcher(every(), "test", "left"), other = client(every());
	int watching = watcher(every(), "test", "left");

	ask(quiet, "unsubscribe", "ok");
	ask(other, "publish left", "ok");
	expect(watching, "news");
	expect_silence(quiet, 30);
	ask(quiet, "echo x", "ok x");
}
END_TEST

/* The answer to a command; news may come once too often, those of an earlier test, too. */
static void expect_beside_news(int fd, const char *want)
{
	const char *got;

	do
		got = hear(fd);
	while (!strcmp(got, "news"));
	ck_assert_str_eq(got, want);
}

START_TEST(topics_have_a_limit)
{
	int fd = client(every());

	for (int i = 0; i < 8; i++) {
		say(fd, "subscribe topic-%d", i);
		expect_beside_news(fd, "ok");
	}
	say(fd, "subscribe topic-8");
	expect_beside_news(fd, "err -ENOSPC");
	say(fd, "unsubscribe");
	expect_beside_news(fd, "ok");
	say(fd, "subscribe topic-8");
	expect_beside_news(fd, "ok");
}
END_TEST

START_TEST(each_topic_is_heard)
{
	int watching = client(every()), other = client(every());

	for (int i = 0; i < 8; i++) {
		say(watching, "subscribe t%d", i);
		expect_beside_news(watching, "ok");
	}
	for (int i = 0; i < 8; i++) {
		say(other, "publish t%d", i);
		expect(other, "ok");
		expect(watching, "news");
	}
}
END_TEST

static void publish_to(int count)
{
	int fds[MORE_WATCHERS], other;

	for (int i = 0; i < count; i++)
		fds[i] = watcher(every(), "test", "all");
	other = client(every());
	ask(other, "publish all", "ok");
	for (int i = 0; i < count; i++)
		expect(fds[i], "news");
}

START_TEST(all_watchers_hear)
{
	publish_to(WATCHERS);
}
END_TEST

/* Parked watchers hold no thread: there may be more of them than a pool has. */
START_TEST(watchers_hold_no_thread)
{
	publish_to(MORE_WATCHERS);
}
END_TEST

START_TEST(tick_publishes)
{
	int fd = watcher(every(), "test", "tick");

	expect(fd, "news");
	expect(fd, "news");
}
END_TEST

START_TEST(news_cross_services)
{
	struct server *s;
	int watching, other;

	config_begin();
	config_add("one", NULL, "type = \"every\";", "");
	config_add("two", NULL, "type = \"every\";", "");
	s = server_supervised();
	watching = watcher(s, "one", "far");
	other = client_at(server_url(s, "two"));
	for (int i = 0; i < 3; i++) {
		ask(other, "publish far", "ok");
		expect(watching, "news");
	}
	hang_up(other);
	say(watching, "echo x");
	expect_past_news(watching, "ok x");
	server_stop(s);
}
END_TEST

void add_news(Suite *s)
{
	TCase *t = part(s, "news");

	tcase_add_test(t, publisher_hears_itself);
	tcase_add_test(t, topics_have_a_limit);
	tcase_add_test(t, news_cross_services);
	needs(t, MODUS_CONCURRENT, watcher_hears_another);
	needs(t, MODUS_CONCURRENT, work_publishes);
	needs(t, MODUS_CONCURRENT, news_wait_for_the_request);
	needs(t, MODUS_CONCURRENT, news_pass_half_a_request);
	needs(t, MODUS_CONCURRENT, unsubscribed_hear_nothing);
	needs(t, MODUS_CONCURRENT, each_topic_is_heard);
	needs(t, MODUS_CONCURRENT, all_watchers_hear);
	if (!strstr(subject.rows, "park = false"))
		needs(t, MODUS_CONCURRENT, watchers_hold_no_thread);
	needs(t, MODUS_CONCURRENT, tick_publishes);
}
