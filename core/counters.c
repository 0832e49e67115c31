/* SPDX-License-Identifier: MIT */
#include "core/counters.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#define COUNTER_NAME(name, doc) #name,
const char *const counter_names[COUNT_KINDS] = { COUNTERS(COUNTER_NAME) };
#define COUNTER_DOC(name, doc) doc,
const char *const counter_docs[COUNT_KINDS] = { COUNTERS(COUNTER_DOC) };

static size_t board_size(size_t slots)
{
	return sizeof(struct scoreboard) + slots * sizeof(struct slot);
}

/* Of a file without a place, whose name tells it from other mappings in /proc/PID/maps. */
static void *map_shared(size_t size)
{
	int fd = memfd_create("modus-scoreboard", MFD_CLOEXEC), error;
	void *at = MAP_FAILED;

	if (fd < 0)
		return MAP_FAILED;
	if (ftruncate(fd, (off_t)size) == 0)
		at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	error = errno;
	close(fd);
	errno = error;
	return at;
}

struct scoreboard *scoreboard_new(size_t slots)
{
	struct scoreboard *b = map_shared(board_size(slots));

	if (b == MAP_FAILED)
		return NULL;
	b->slots = slots;
	b->news_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (b->news_fd < 0) {
		munmap(b, board_size(slots));
		return NULL;
	}
	return b;
}

void scoreboard_free(struct scoreboard *b)
{
	if (!b)
		return;
	close(b->news_fd);
	munmap(b, board_size(b->slots));
}

void scoreboard_clear(struct scoreboard *b, size_t slot)
{
	struct slot *s = &b->slot[slot];

	s->wanted = 0;
	s->pending = 0;
	s->pid = 0;
	s->tid = 0;
}

void scoreboard_begin(struct scoreboard *b)
{
	for (size_t i = 0; i < b->slots; i++)
		scoreboard_clear(b, i);
	b->wanted = 0;
	b->pending = 0;
	b->served = 0;
	b->phase = PHASE_SERVING;
}

uint64_t scoreboard_sum(const struct scoreboard *b, enum counter which)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < b->slots; i++)
		sum += atomic_load_explicit(&b->slot[i].count[which], memory_order_relaxed);
	return sum;
}
