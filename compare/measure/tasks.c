/* SPDX-License-Identifier: MIT */
#include "compare/measure/tasks.h"

#include "compare/measure/census.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static bool number_after(const char *text, const char *name, uint64_t *out)
{
	const char *line = strstr(text, name);
	unsigned long long n;

	if (!line || sscanf(line + strlen(name), " %llu", &n) != 1)
		return false;
	*out = n;
	return true;
}

static int tasks_add(struct tasks *t, pid_t pid, const char *tid)
{
	struct task task = { .tid = (pid_t)atoi(tid) };
	char path[32], text[4096];

	/* One that ended meanwhile is no error. */
	snprintf(path, sizeof(path), "task/%.15s/status", tid);
	if (proc_file(pid, path, text, sizeof(text)) <= 0 ||
	    !number_after(text, "\nvoluntary_ctxt_switches:", &task.had.voluntary) ||
	    !number_after(text, "\nnonvoluntary_ctxt_switches:", &task.had.involuntary))
		return 0;
	if (t->count == TASKS_MAX)
		return -E2BIG;
	if (t->count == t->room) {
		size_t room = t->room ? t->room * 2 : 64;
		struct task *all = reallocarray(t->all, room, sizeof(*all));

		if (!all)
			return -ENOMEM;
		t->all = all;
		t->room = room;
	}
	t->all[t->count++] = task;
	return 0;
}

static int process_read(struct tasks *t, pid_t pid)
{
	char path[32];
	struct dirent *entry;
	DIR *threads;
	int err = 0;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	threads = opendir(path);
	while (threads && !err && (entry = readdir(threads)))
		if (*entry->d_name != '.')
			err = tasks_add(t, pid, entry->d_name);
	if (threads)
		closedir(threads);
	return err;
}

static int by_tid(const void *a, const void *b)
{
	pid_t left = ((const struct task *)a)->tid, right = ((const struct task *)b)->tid;

	return (left > right) - (left < right);
}

int tasks_read(pid_t root, struct tasks *t)
{
	struct census c;
	int err = census_take(&c, root);

	t->count = 0;
	for (size_t i = 0; !err && i < c.count; i++)
		if (c.all[i].inside && c.all[i].state != 'Z')
			err = process_read(t, c.all[i].pid);
	if (!err && t->count)
		qsort(t->all, t->count, sizeof(*t->all), by_tid);
	census_free(&c);
	return err;
}

void tasks_free(struct tasks *t)
{
	free(t->all);
	*t = (struct tasks) { NULL, 0, 0 };
}

struct switches tasks_sum(const struct tasks *t)
{
	struct switches sum = { 0, 0 };

	for (size_t i = 0; i < t->count; i++) {
		sum.voluntary += t->all[i].had.voluntary;
		sum.involuntary += t->all[i].had.involuntary;
	}
	return sum;
}

bool tasks_between(const struct tasks *begin, const struct tasks *end, struct switches *out)
{
	struct switches before = tasks_sum(begin), after = tasks_sum(end);

	for (size_t i = 0; i < begin->count; i++)
		if (!end->count ||
		    !bsearch(&begin->all[i], end->all, end->count, sizeof(*end->all), by_tid))
			return false;
	out->voluntary = after.voluntary - before.voluntary;
	out->involuntary = after.involuntary - before.involuntary;
	return true;
}
