/* SPDX-License-Identifier: MIT */
#include "core/news.h"

#include "core_fixture.h"

#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>

static struct core_fixture f, other;
static struct modus_conn *c;

static void open_both(void)
{
	struct scoreboard *boards[2];

	fixture_open(&f);
	fixture_open(&other);
	boards[0] = f.service.board;
	boards[1] = other.service.board;
	news_boards(boards, 2);
	c = fixture_conn(&f);
}

static void close_both(void)
{
	news_forget(c);
	conn_drop(c);
	fixture_close(&f);
	fixture_close(&other);
}

/* How often the board was woken since it was last asked. */
static unsigned woken(struct core_fixture *of)
{
	eventfd_t n = 0;

	return eventfd_read(of->service.board->news_fd, &n) ? 0 : (unsigned)n;
}

static uint64_t take_pending(struct core_fixture *of)
{
	return atomic_exchange(&of->service.board->pending, 0);
}

START_TEST(test_subscribing_is_noted_on_the_way_down)
{
	uint64_t bit;

	open_both();
	ck_assert_int_eq(modus_subscribe(c, "room/1"), 0);
	bit = c->topics;
	ck_assert_uint_ne(bit, 0);
	ck_assert_uint_eq(bit & (bit - 1), 0); /* one */
	ck_assert_uint_eq(f.worker.slot->wanted, bit);
	ck_assert_uint_eq(f.service.board->wanted, bit);
	ck_assert_uint_eq(other.service.board->wanted, 0);
	close_both();
}
END_TEST

START_TEST(test_the_ninth_topic_has_no_space)
{
	char topic[32];

	open_both();
	for (int i = 0; i < 8; i++) {
		snprintf(topic, sizeof(topic), "topic %d", i);
		ck_assert_int_eq(modus_subscribe(c, topic), 0);
	}
	ck_assert_int_eq(modus_subscribe(c, "topic 8"), -ENOSPC);
	ck_assert_int_eq(modus_subscribe(c, "topic 3"), 0); /* it has that already */
	modus_unsubscribe(c);
	ck_assert_uint_eq(c->topics, 0);
	ck_assert_int_eq(modus_subscribe(c, "topic 8"), 0);
	close_both();
}
END_TEST

START_TEST(test_the_topic_is_copied)
{
	char topic[] = "mine";

	open_both();
	ck_assert_int_eq(modus_subscribe(c, topic), 0);
	topic[0] = 'x';
	modus_publish("mine");
	ck_assert_uint_eq(take_pending(&f), c->topics);
	close_both();
}
END_TEST

START_TEST(test_publishing_wakes_those_that_want_it)
{
	open_both();
	modus_publish("early");
	ck_assert_uint_eq(woken(&f), 0);
	ck_assert_int_eq(modus_subscribe(c, "wanted"), 0);
	modus_publish("wanted");
	ck_assert_uint_eq(woken(&f), 1);
	ck_assert_uint_eq(woken(&other), 0);
	ck_assert_uint_eq(other.service.board->pending, 0);
	ck_assert_uint_eq(take_pending(&f), c->topics);
	modus_publish("wanted"); /* anew, for the news before were taken */
	ck_assert_uint_eq(woken(&f), 1);
	close_both();
}
END_TEST

START_TEST(test_news_not_yet_taken_wake_once)
{
	open_both();
	ck_assert_int_eq(modus_subscribe(c, "wanted"), 0);
	for (int i = 0; i < 1000; i++)
		modus_publish("wanted");
	ck_assert_uint_eq(woken(&f), 1);
	ck_assert_uint_eq(take_pending(&f), c->topics);
	close_both();
}
END_TEST

START_TEST(test_all_services_that_want_it_are_woken)
{
	struct modus_conn *there;

	open_both();
	there = fixture_conn(&other);
	ck_assert_int_eq(modus_subscribe(c, "both"), 0);
	ck_assert_int_eq(modus_subscribe(there, "both"), 0);
	modus_publish("both");
	ck_assert_uint_eq(woken(&f), 1);
	ck_assert_uint_eq(woken(&other), 1);
	news_forget(there);
	conn_drop(there);
	close_both();
}
END_TEST

START_TEST(test_another_process_publishes)
{
	int status;
	pid_t pid;

	open_both();
	ck_assert_int_eq(modus_subscribe(c, "wanted"), 0);
	pid = fork();
	if (pid == 0) {
		modus_publish("wanted");
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_uint_eq(woken(&f), 1);
	ck_assert_uint_eq(take_pending(&f), c->topics);
	close_both();
}
END_TEST

START_TEST(test_poking)
{
	open_both();
	ck_assert_int_eq(news_poke(c, UINT64_MAX), 0);
	ck_assert_int_eq(modus_subscribe(c, "wanted"), 0);
	ck_assert_int_eq(news_poke(c, ~c->topics), 0);
	ck_assert_uint_eq(c->poked, 0);
	c->poked = CONN_POKE_EXPIRED;
	ck_assert_int_ne(news_poke(c, c->topics), 0);
	ck_assert_uint_eq(c->poked, CONN_POKE_NEWS | CONN_POKE_EXPIRED);
	c->poked = 0;
	modus_unsubscribe(c);
	ck_assert_int_eq(news_poke(c, UINT64_MAX), 0);
	ck_assert_uint_eq(c->poked, 0);
	close_both();
}
END_TEST

/* Names that differ by their last digits only do not share the bits of a few. */
START_TEST(test_alike_topics_have_bits_of_their_own)
{
	uint64_t bits = 0;
	char name[32];

	open_both();
	for (int i = 100; i < 200; i++) {
		snprintf(name, sizeof(name), "room/%d", i);
		ck_assert_int_eq(modus_subscribe(c, name), 0);
		bits |= c->topics;
		modus_unsubscribe(c);
	}
	ck_assert_int_ge(__builtin_popcountll(bits), 40); /* 51 is what chance gives */
	close_both();
}
END_TEST

static void note(void *arg, size_t slot)
{
	*(unsigned *)arg |= 1u << slot;
}

START_TEST(test_spreading)
{
	struct scoreboard *b;
	unsigned woke = 0;

	open_both();
	b = f.service.board;
	b->slot[0].wanted = 1 | 2;
	b->slot[1].wanted = 2 | 4;
	b->slot[2].wanted = 8;
	news_spread(b, 2 | 16, note, &woke);
	ck_assert_uint_eq(woke, 1 << 0 | 1 << 1);
	ck_assert_uint_eq(b->slot[0].pending, 2);
	ck_assert_uint_eq(b->slot[1].pending, 2);
	ck_assert_uint_eq(b->slot[2].pending, 0);
	news_spread(b, 4, note, &woke);
	ck_assert_uint_eq(b->slot[1].pending, 2 | 4); /* what is pending stays */
	woke = 0;
	news_spread(b, 16, note, &woke);
	ck_assert_uint_eq(woke, 0);
	close_both();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_subscribing_is_noted_on_the_way_down,
		test_the_ninth_topic_has_no_space,
		test_the_topic_is_copied,
		test_publishing_wakes_those_that_want_it,
		test_news_not_yet_taken_wake_once,
		test_all_services_that_want_it_are_woken,
		test_another_process_publishes,
		test_poking,
		test_alike_topics_have_bits_of_their_own,
		test_spreading,
	};

	return SUITE_RUN("news", tests, NULL, NULL);
}
