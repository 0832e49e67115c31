/* SPDX-License-Identifier: MIT */
#include "core/deadlines.h"

#include <errno.h>
#include <stdlib.h>

static void put(struct deadlines *all, size_t i, struct deadlines_entry e)
{
	all->heap[i] = e;
	e.deadline->place = (uint32_t)i + 1;
}

static void sift_up(struct deadlines *all, size_t i, struct deadlines_entry e)
{
	while (i > 0 && all->heap[(i - 1) / 2].at > e.at) {
		put(all, i, all->heap[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
	put(all, i, e);
}

static void sift_down(struct deadlines *all, size_t i, struct deadlines_entry e)
{
	for (;;) {
		size_t child = 2 * i + 1;

		if (child + 1 < all->count && all->heap[child + 1].at < all->heap[child].at)
			child++;
		if (child >= all->count || all->heap[child].at >= e.at)
			break;
		put(all, i, all->heap[child]);
		i = child;
	}
	put(all, i, e);
}

static int grow(struct deadlines *all)
{
	size_t room = all->room ? 2 * all->room : 64;
	void *heap = realloc(all->heap, room * sizeof(*all->heap));

	if (!heap)
		return -ENOMEM;
	all->heap = heap;
	all->room = room;
	return 0;
}

int deadlines_set(struct deadlines *all, struct deadline *d, int64_t due)
{
	int64_t before = d->due;

	d->due = due;
	if (d->place) {
		if (due >= before) /* it stands in the heap no later than that */
			return 0;
		if (due < all->heap[d->place - 1].at)
			sift_up(all, d->place - 1, (struct deadlines_entry) { due, d });
		return 0;
	}
	if (due == DEADLINE_NEVER)
		return 0;
	if (all->count == all->room && grow(all))
		return -ENOMEM;
	sift_up(all, all->count++, (struct deadlines_entry) { due, d });
	return 0;
}

static void take_out(struct deadlines *all, size_t i)
{
	struct deadlines_entry last = all->heap[--all->count];

	all->heap[i].deadline->place = 0;
	if (i == all->count)
		return;
	if (i > 0 && all->heap[(i - 1) / 2].at > last.at)
		sift_up(all, i, last);
	else
		sift_down(all, i, last);
}

void deadlines_cancel(struct deadlines *all, struct deadline *d)
{
	if (d->place)
		take_out(all, d->place - 1);
}

struct deadline *deadlines_pop(struct deadlines *all, int64_t now)
{
	while (all->count > 0 && all->heap[0].at <= now) {
		struct deadline *d = all->heap[0].deadline;

		if (d->due <= now || d->due == DEADLINE_NEVER) {
			take_out(all, 0);
			if (d->due != DEADLINE_NEVER)
				return d;
		} else {
			sift_down(all, 0, (struct deadlines_entry) { d->due, d });
		}
	}
	return NULL;
}

int64_t deadlines_next(const struct deadlines *all)
{
	return all->count ? all->heap[0].at : DEADLINE_NEVER;
}

void deadlines_finish(struct deadlines *all)
{
	free(all->heap);
	*all = (struct deadlines) { 0 };
}
