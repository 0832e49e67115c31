/* SPDX-License-Identifier: MIT */
#include "compare/measure/census.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

ssize_t proc_file(pid_t pid, const char *name, char *buf, size_t size)
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
	unsigned long long minor, minor_waited, major, major_waited;
	unsigned long long user, system, user_waited, system_waited, rss;

	if (!fields ||
	    sscanf(fields + 1,
		   " %c %d %*d %*d %*d %*d %*u %llu %llu %llu %llu %llu %llu %llu %llu %*d %*d %u"
		   " %*d %*u %*u %llu",
		   &p->state, &p->parent, &minor, &minor_waited, &major, &major_waited, &user,
		   &system, &user_waited, &system_waited, &p->threads, &rss) != 12)
		return -EBADMSG;
	p->minor_faults = minor + minor_waited;
	p->major_faults = major + major_waited;
	p->own = (struct process_ticks) { user, system };
	p->waited = (struct process_ticks) { user_waited, system_waited };
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

static int census_all(struct census *c)
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

int census_take(struct census *c, pid_t root)
{
	int err;

	*c = (struct census) { NULL, 0, 0 };
	err = census_all(c);
	return err ? err : census_mark(c, root);
}

void census_free(struct census *c)
{
	free(c->all);
	*c = (struct census) { NULL, 0, 0 };
}
