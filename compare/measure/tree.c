/* SPDX-License-Identifier: MIT */
#include "compare/measure/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct process {
	pid_t pid, parent;
	char state;
	bool inside;
	unsigned threads;
	uint64_t waited_ticks, pages;
};

struct census {
	struct process *all;
	size_t count, room;
};

/* Reads a file of process pid into buf, NUL-terminated: the length or a negative errno. */
static ssize_t proc_file(pid_t pid, const char *name, char *buf, size_t size)
{
	char path[64];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = read(fd, buf, size - 1);
	if (n < 0)
		n = -errno;
	else
		buf[n] = '\0';
	close(fd);
	return n;
}

/* A name may hold blanks and parentheses, so the fields begin after the last ')'. */
static int parse_stat(const char *text, struct process *p)
{
	const char *fields = strrchr(text, ')');
	unsigned long long cutime, cstime, rss;

	if (!fields ||
	    sscanf(fields + 1,
		   " %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %llu %llu %*d %*d %u"
		   " %*d %*u %*u %llu",
		   &p->state, &p->parent, &cutime, &cstime, &p->threads, &rss) != 6)
		return -EBADMSG;
	p->waited_ticks = cutime + cstime;
	p->pages = rss;
	return 0;
}

static int census_add(struct census *c, pid_t pid)
{
	struct process p = { .pid = pid };
	char text[1024];

	/* One that ended meanwhile is no error. */
	if (proc_file(pid, "stat", text, sizeof(text)) <= 0 || parse_stat(text, &p))
		return 0;
	if (c->count == c->room) {
		size_t room = c->room ? c->room * 2 : 256;
		struct process *all = reallocarray(c->all, room, sizeof(*all));

		if (!all)
			return -ENOMEM;
		c->all = all;
		c->room = room;
	}
	c->all[c->count++] = p;
	return 0;
}

static int by_pid(const void *a, const void *b)
{
	pid_t left = ((const struct process *)a)->pid, right = ((const struct process *)b)->pid;

	return (left > right) - (left < right);
}

static int census_take(struct census *c)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	int err = 0;

	if (!proc)
		return -errno;
	while (!err && (entry = readdir(proc)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			err = census_add(c, (pid_t)atoi(entry->d_name));
	closedir(proc);
	if (!err && c->count)
		qsort(c->all, c->count, sizeof(*c->all), by_pid);
	return err;
}

static struct process *census_find(const struct census *c, pid_t pid)
{
	struct process key = { .pid = pid };

	return c->count ? bsearch(&key, c->all, c->count, sizeof(key), by_pid) : NULL;
}

/* Marks root and all below it, a generation at each turn. */
static int census_mark(struct census *c, pid_t root)
{
	struct process *p = census_find(c, root);
	bool more = true;

	if (!p)
		return -ESRCH;
	p->inside = true;
	while (more) {
		more = false;
		for (size_t i = 0; i < c->count; i++) {
			p = c->all[i].inside ? NULL : census_find(c, c->all[i].parent);
			if (p && p->inside)
				c->all[i].inside = more = true;
		}
	}
	return 0;
}

static double own_cpu(pid_t pid)
{
	struct timespec t;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &t))
		return 0;
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A negative errno if it may not be read; 0 of a process that has ended meanwhile. */
static int64_t pss_bytes(pid_t pid)
{
	unsigned long long kib;
	char text[2048];
	const char *line;
	ssize_t n = proc_file(pid, "smaps_rollup", text, sizeof(text));

	if (n == 0 || n == -ENOENT || n == -ESRCH)
		return 0;
	if (n < 0)
		return n;
	line = strstr(text, "\nPss:");
	return line && sscanf(line, "\nPss: %llu kB", &kib) == 1 ? (int64_t)kib * 1024 : -EBADMSG;
}

static void memory_read(const struct census *c, struct tree_usage *u)
{
	uint64_t pss = 0, rss = 0, page = (uint64_t)sysconf(_SC_PAGESIZE);

	u->rss = u->processes > TREE_PSS_MAX;
	for (size_t i = 0; i < c->count; i++) {
		const struct process *p = &c->all[i];
		int64_t share;

		if (!p->inside || p->state == 'Z')
			continue;
		rss += p->pages * page;
		share = u->rss ? 0 : pss_bytes(p->pid);
		if (share < 0)
			u->rss = true;
		else
			pss += (uint64_t)share;
	}
	u->memory = u->rss ? rss : pss;
}

int tree_read(pid_t root, bool memory, struct tree_usage *u)
{
	struct census c = { NULL, 0, 0 };
	double tick = 1 / (double)sysconf(_SC_CLK_TCK);
	int err = census_take(&c);

	memset(u, 0, sizeof(*u));
	if (!err)
		err = census_mark(&c, root);
	for (size_t i = 0; !err && i < c.count; i++) {
		const struct process *p = &c.all[i];

		if (!p->inside)
			continue;
		u->cpu += own_cpu(p->pid) + (double)p->waited_ticks * tick;
		u->processes += p->state != 'Z';
		u->threads += p->state != 'Z' ? p->threads : 0;
	}
	if (!err && memory)
		memory_read(&c, u);
	free(c.all);
	return err;
}
