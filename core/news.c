/* SPDX-License-Identifier: MIT */
#include "core/news.h"

#include "core/connection.h"
#include "core/service.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

enum { TOPICS_MAX = 8 };

struct subscription {
	unsigned count;
	uint64_t hash[TOPICS_MAX];
};

static struct {
	struct scoreboard *board[NEWS_BOARDS];
	size_t count;
	pthread_rwlock_t lock; /* a board must not go while news is written on it */
} news_all = { .lock = PTHREAD_RWLOCK_INITIALIZER };

void news_boards(struct scoreboard *const *boards, size_t count)
{
	memcpy(news_all.board, boards, count * sizeof(*boards));
	news_all.count = count;
}

void news_join(struct scoreboard *board)
{
	pthread_rwlock_wrlock(&news_all.lock);
	if (news_all.count < NEWS_BOARDS)
		news_all.board[news_all.count++] = board;
	pthread_rwlock_unlock(&news_all.lock);
}

void news_leave(const struct scoreboard *board)
{
	pthread_rwlock_wrlock(&news_all.lock);
	for (size_t i = 0; i < news_all.count; i++)
		if (news_all.board[i] == board)
			news_all.board[i--] = news_all.board[--news_all.count];
	pthread_rwlock_unlock(&news_all.lock);
}

/* FNV-1a, 64 bits. */
static uint64_t hash_topic(const char *topic)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (; *topic; topic++)
		h = (h ^ (unsigned char)*topic) * 0x100000001b3u;
	return h;
}

/* FNV's uppermost bits hardly see the last letters: they are mixed in (Fibonacci hashing). */
static uint64_t topic_bit(uint64_t hash)
{
	return (uint64_t)1 << ((hash * 0x9e3779b97f4a7c15u) >> 58);
}

int modus_subscribe(struct modus_conn *c, const char *topic)
{
	struct scoreboard *b = conn_service(c)->board;
	struct subscription *s = c->news;
	uint64_t hash = hash_topic(topic);

	if (!s)
		s = c->news = calloc(1, sizeof(*s));
	if (!s)
		return -ENOMEM;
	for (unsigned i = 0; i < s->count; i++)
		if (s->hash[i] == hash)
			return 0;
	if (s->count == TOPICS_MAX)
		return -ENOSPC;
	s->hash[s->count++] = hash;
	atomic_fetch_or(&c->topics, topic_bit(hash));
	atomic_fetch_or(&c->worker->slot->wanted, topic_bit(hash));
	atomic_fetch_or(&b->wanted, topic_bit(hash));
	return 0;
}

void modus_unsubscribe(struct modus_conn *c)
{
	atomic_store(&c->topics, 0);
	free(c->news);
	c->news = NULL;
}

void news_forget(struct modus_conn *c)
{
	if (c->news)
		modus_unsubscribe(c);
}

void modus_publish(const char *topic)
{
	uint64_t bit = topic_bit(hash_topic(topic));

	pthread_rwlock_rdlock(&news_all.lock);
	for (size_t i = 0; i < news_all.count; i++) {
		struct scoreboard *b = news_all.board[i];

		if (!(atomic_load(&b->wanted) & bit))
			continue;
		if (!(atomic_fetch_or(&b->pending, bit) & bit))
			eventfd_write(b->news_fd, 1);
	}
	pthread_rwlock_unlock(&news_all.lock);
}

int news_poke(struct modus_conn *c, uint64_t mask)
{
	if (!(atomic_load(&c->topics) & mask))
		return 0;
	atomic_fetch_or(&c->poked, CONN_POKE_NEWS);
	return 1;
}

void news_spread(struct scoreboard *b, uint64_t mask, void (*wake)(void *arg, size_t slot),
		 void *arg)
{
	for (size_t i = 0; i < b->slots; i++) {
		struct slot *s = &b->slot[i];
		uint64_t mine = atomic_load(&s->wanted) & mask;

		if (mine) {
			atomic_fetch_or(&s->pending, mine);
			wake(arg, i);
		}
	}
}
