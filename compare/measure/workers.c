/* SPDX-License-Identifier: MIT */
#include "compare/measure/workers.h"

#include "compare/measure/census.h"
#include "core/counters.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static const char mapping[] = "/memfd:modus-scoreboard";

static int peek(pid_t pid, uintptr_t from, void *to, size_t size)
{
	struct iovec here = { to, size }, there = { (void *)from, size };
	ssize_t n = process_vm_readv(pid, &here, 1, &there, 1, 0);

	return n < 0 ? -errno : (size_t)n < size ? -EFAULT : 0;
}

/* Helpers have slots, too, and serve nobody. */
static bool is_helper(const struct slot *s)
{
	char file[32], said[32];

	snprintf(file, sizeof(file), "task/%d/comm", s->tid);
	return proc_file(s->pid, file, said, sizeof(said)) > 0 && !strcmp(said, "helper\n");
}

static int add_slots(struct workers *w, const struct slot *slots, size_t count)
{
	/* One more, for a reallocation to nothing frees. */
	struct worker_count *all = reallocarray(w->all, w->count + count + 1, sizeof(*all));

	if (!all)
		return -ENOMEM;
	w->all = all;
	for (size_t i = 0; i < count; i++)
		all[w->count++] = (struct worker_count) {
			slots[i].count[COUNT_requests] + slots[i].count[COUNT_datagrams],
			slots[i].tid && !is_helper(&slots[i]),
			slots[i].count[COUNT_accepted] > 0,
		};
	return 0;
}

/* The last slot is that of the service's tasks.  A board of another release has other counters;
 * then its size does not fit its slots. */
static int read_board(struct workers *w, pid_t pid, uintptr_t from, size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), bytes;
	struct scoreboard head;
	struct slot *slots;
	int err = peek(pid, from, &head, sizeof(head));

	if (err)
		return err;
	bytes = head.slots * sizeof(*slots);
	if (!head.slots || head.slots > size / sizeof(*slots) ||
	    (sizeof(head) + bytes + page - 1) / page * page != size)
		return -EPROTO;
	slots = aligned_alloc(_Alignof(struct slot), bytes);
	if (!slots)
		return -ENOMEM;
	err = peek(pid, from + sizeof(head), slots, bytes);
	if (!err)
		err = add_slots(w, slots, head.slots - 1);
	free(slots);
	return err;
}

int workers_read(pid_t root, struct workers *w)
{
	char path[32], line[512];
	int err = 0;
	FILE *f;

	w->count = 0;
	snprintf(path, sizeof(path), "/proc/%d/maps", (int)root);
	f = fopen(path, "re");
	if (!f)
		return -errno;
	while (!err && fgets(line, sizeof(line), f)) {
		unsigned long from, to;

		if (strstr(line, mapping) && sscanf(line, "%lx-%lx", &from, &to) == 2)
			err = read_board(w, root, from, to - from);
	}
	fclose(f);
	return err ? err : w->count ? 0 : -ENOENT;
}

void workers_free(struct workers *w)
{
	free(w->all);
	*w = (struct workers) { NULL, 0 };
}

size_t workers_between(const struct workers *begin, struct workers *end)
{
	size_t count = 0;

	for (size_t i = 0; begin->count == end->count && i < end->count; i++) {
		struct worker_count w = end->all[i];

		if (w.accepts && !w.requests)
			continue;
		w.there |= begin->all[i].there;
		w.requests -= begin->all[i].requests;
		if (w.there || w.requests)
			end->all[count++] = w;
	}
	return count;
}

double workers_balance(const struct workers *w, size_t count)
{
	double sum = 0, squares = 0;

	for (size_t i = 0; i < count; i++) {
		double n = (double)w->all[i].requests;

		sum += n;
		squares += n * n;
	}
	return squares > 0 ? sum * sum / ((double)count * squares) : NAN;
}
