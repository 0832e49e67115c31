/* SPDX-License-Identifier: MIT */
#include "cache.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

/* What malloc() adds to each piece, about. */
enum { PIECE = 32, BUCKETS_MIN = 16, BUCKETS_MAX = 1 << 16, BYTES_PER_BUCKET = 4096 };
enum { CHAIN_MAX = 32 }; /* in a bucket, before what is absent is not remembered any more */

struct cache {
	pthread_mutex_t lock;
	size_t limit, used, mask;
	uint64_t seed;
	struct resource *newest, *oldest; /* by their last use */
	struct resource *buckets[];
};

struct cache *cache_new(size_t limit)
{
	size_t n = BUCKETS_MIN;
	struct cache *c;

	while (n < BUCKETS_MAX && n * BYTES_PER_BUCKET < limit)
		n *= 2;
	c = calloc(1, sizeof(*c) + n * sizeof(*c->buckets));
	if (!c)
		return NULL;
	pthread_mutex_init(&c->lock, NULL);
	c->limit = limit;
	c->used = limit ? sizeof(*c) + n * sizeof(*c->buckets) : 0;
	c->mask = n - 1;
	if (getrandom(&c->seed, sizeof(c->seed), GRND_NONBLOCK) != sizeof(c->seed))
		c->seed = (uint64_t)(uintptr_t)c ^ (uint64_t)time(NULL) << 32;
	return c;
}

/* Begins with what nobody outside knows, lest somebody asks for many paths of one bucket. */
static struct resource **bucket(struct cache *c, const char *path)
{
	uint64_t hash = c->seed;

	for (; *path; path++)
		hash = (hash ^ (unsigned char)*path) * 0x100000001b3u;
	return &c->buckets[(hash ^ hash >> 32) & c->mask];
}

/* ---- Their lives: all with the lock, but for what nobody else knows yet ---- */

struct resource *resource_new(const char *path)
{
	struct resource *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->refs = 1;
	r->path = strdup(path);
	if (r->path)
		return r;
	free(r);
	return NULL;
}

struct content *content_new(size_t size)
{
	struct content *content = malloc(sizeof(*content) + size);

	if (!content)
		return NULL;
	memset(content, 0, sizeof(*content));
	content->refs = 1;
	content->size = size;
	return content;
}

static size_t content_bytes(const struct content *content)
{
	return sizeof(*content) + content->size + PIECE;
}

static void content_put(struct cache *c, struct content *content)
{
	if (!content || --content->refs)
		return;
	if (content->counted)
		c->used -= content_bytes(content);
	free(content);
}

static size_t resource_bytes(const struct resource *r)
{
	size_t n = sizeof(*r) + strlen(r->path) + 2 * PIECE;

	n += r->folder ? strlen(r->folder) + PIECE : 0;
	n += r->name ? strlen(r->name) + PIECE : 0;
	n += r->count ? r->count * sizeof(*r->variants) + PIECE : 0;
	for (size_t i = 0; i < r->count; i++)
		n += strlen(r->variants[i].name) + PIECE;
	return n;
}

static void resource_put(struct cache *c, struct resource *r)
{
	if (!r || --r->refs)
		return;
	for (size_t i = 0; i < r->count; i++) {
		content_put(c, r->variants[i].content);
		free(r->variants[i].name);
	}
	c->used -= r->counted;
	free(r->variants);
	free(r->path);
	free(r->folder);
	free(r->name);
	free(r);
}

/* ---- What is remembered: all with the lock ---- */

static void leave_order(struct cache *c, struct resource *r)
{
	*(r->newer ? &r->newer->older : &c->newest) = r->older;
	*(r->older ? &r->older->newer : &c->oldest) = r->newer;
	r->newer = r->older = NULL;
}

static void enter_newest(struct cache *c, struct resource *r)
{
	r->older = c->newest;
	*(c->newest ? &c->newest->newer : &c->oldest) = r;
	c->newest = r;
}

static void enter_oldest(struct cache *c, struct resource *r)
{
	r->newer = c->oldest;
	*(c->oldest ? &c->oldest->older : &c->newest) = r;
	c->oldest = r;
}

static struct resource *find(struct cache *c, const char *path)
{
	struct resource *r = *bucket(c, path);

	while (r && strcmp(r->path, path) != 0)
		r = r->next;
	return r;
}

static void forget(struct cache *c, struct resource *r)
{
	struct resource **at = bucket(c, r->path);

	while (*at != r)
		at = &(*at)->next;
	*at = r->next;
	r->next = NULL;
	r->kept = false;
	leave_order(c, r);
	resource_put(c, r);
}

/* Forgets what was used least, but not spared, until there is room.  false: there is none. */
static bool make_room(struct cache *c, size_t bytes, const struct resource *spared)
{
	if (bytes > c->limit)
		return false;
	while (c->used > c->limit - bytes && c->oldest && c->oldest != spared)
		forget(c, c->oldest);
	return c->used <= c->limit - bytes;
}

/* What is absent is the first to be forgotten, so that requests for what there is not push out
 * nothing but each other. */
static void remember(struct cache *c, struct resource *r)
{
	struct resource **at = bucket(c, r->path);
	size_t bytes = resource_bytes(r), n = 0;

	for (struct resource *other = *at; other; other = other->next)
		n++;
	if ((r->kind == RESOURCE_ABSENT && n >= CHAIN_MAX) || !make_room(c, bytes, NULL))
		return;
	r->counted = bytes;
	c->used += bytes;
	r->refs++;
	r->kept = true;
	r->next = *at;
	*at = r;
	if (r->kind == RESOURCE_ABSENT)
		enter_oldest(c, r);
	else
		enter_newest(c, r);
}

/* ---- */

void cache_free(struct cache *c)
{
	if (!c)
		return;
	while (c->oldest)
		forget(c, c->oldest);
	pthread_mutex_destroy(&c->lock);
	free(c);
}

struct resource *cache_find(struct cache *c, const char *path)
{
	struct resource *r;

	pthread_mutex_lock(&c->lock);
	r = find(c, path);
	if (r) {
		r->refs++;
		if (r->kind != RESOURCE_ABSENT && c->newest != r) {
			leave_order(c, r);
			enter_newest(c, r);
		}
	}
	pthread_mutex_unlock(&c->lock);
	return r;
}

static void take_over(struct variant *v, struct resource *old)
{
	struct variant *was;

	for (size_t i = 0; i < old->count && !v->content; i++) {
		was = &old->variants[i];
		if (!was->content || !was->content->lasting || was->made != v->made ||
		    was->traits.encoding != v->traits.encoding || strcmp(was->name, v->name) != 0 ||
		    !identity_same(&was->content->of, &v->of))
			continue;
		v->content = was->content;
		v->content->refs++;
	}
}

void cache_keep(struct cache *c, struct resource *r, struct resource *old)
{
	struct resource *there;

	pthread_mutex_lock(&c->lock);
	for (size_t i = 0; old && i < r->count; i++)
		take_over(&r->variants[i], old);
	there = find(c, r->path);
	if (!there || there->born <= r->born) {
		if (there)
			forget(c, there);
		remember(c, r);
	}
	pthread_mutex_unlock(&c->lock);
}

void cache_forget(struct cache *c, struct resource *r)
{
	pthread_mutex_lock(&c->lock);
	if (r->kept)
		forget(c, r);
	pthread_mutex_unlock(&c->lock);
}

struct content *cache_content(struct cache *c, struct resource *r, size_t variant)
{
	struct content *content;

	pthread_mutex_lock(&c->lock);
	content = r->variants[variant].content;
	if (content)
		content->refs++;
	pthread_mutex_unlock(&c->lock);
	return content;
}

void cache_keep_content(struct cache *c, struct resource *r, size_t variant,
			struct content *content)
{
	struct content **at = &r->variants[variant].content;

	pthread_mutex_lock(&c->lock);
	if (r->kept && !*at) {
		leave_order(c, r);
		enter_newest(c, r);
		if (make_room(c, content_bytes(content), r)) {
			content->counted = true;
			c->used += content_bytes(content);
			content->refs++;
			*at = content;
		}
	}
	pthread_mutex_unlock(&c->lock);
}

void cache_let_go(struct cache *c, struct resource *r, struct content *content)
{
	pthread_mutex_lock(&c->lock);
	content_put(c, content);
	resource_put(c, r);
	pthread_mutex_unlock(&c->lock);
}

size_t cache_used(struct cache *c)
{
	size_t used;

	pthread_mutex_lock(&c->lock);
	used = c->used;
	pthread_mutex_unlock(&c->lock);
	return used;
}

static bool time_same(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

bool identity_same(const struct identity *a, const struct identity *b)
{
	return a->device == b->device && a->inode == b->inode && a->size == b->size &&
	       time_same(a->modified, b->modified) && time_same(a->changed, b->changed);
}

void identity_read(struct identity *out, const struct stat *st)
{
	out->device = st->st_dev;
	out->inode = st->st_ino;
	out->size = st->st_size;
	out->modified = st->st_mtim;
	out->changed = st->st_ctim;
}
