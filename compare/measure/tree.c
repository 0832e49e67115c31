/* SPDX-License-Identifier: MIT */
#include "compare/measure/tree.h"

#include "compare/measure/census.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* What has had less CPU than this may have met no tick of the clock, or one only, and then the
 * kernel says that it was all user's or all system's. */
static const double RESOLVED = 0.04;

static double own_cpu(pid_t pid)
{
	struct timespec t;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &t))
		return 0;
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void cpu_read(const struct process *p, double tick, struct tree_usage *u)
{
	double own = own_cpu(p->pid), waited = (double)(p->waited.user + p->waited.system) * tick;

	u->cpu += own + waited;
	u->user += (double)(p->own.user + p->waited.user) * tick;
	u->system += (double)(p->own.system + p->waited.system) * tick;
	u->waited += waited;
	u->faint += own < RESOLVED ? own : 0;
}

/* The number of KiB after "NAME:", in bytes, or -EBADMSG. */
static int64_t kib_of(const char *text, const char *name)
{
	const char *line = strstr(text, name);
	unsigned long long kib;

	return line && sscanf(line + strlen(name), " %llu kB", &kib) == 1 ? (int64_t)kib * 1024
									  : -EBADMSG;
}

/* A negative errno if it may not be read; 0 of a process that has ended meanwhile. */
static int64_t pss_bytes(pid_t pid)
{
	char text[2048];
	ssize_t n = proc_file(pid, "smaps_rollup", text, sizeof(text));

	if (n == 0 || n == -ENOENT || n == -ESRCH)
		return 0;
	return n < 0 ? n : kib_of(text, "\nPss:");
}

/* How much more was resident than is now, by the kernel's own mark; of one that has ended, 0. */
static uint64_t given_back(pid_t pid)
{
	char text[4096];
	int64_t most, now;

	if (proc_file(pid, "status", text, sizeof(text)) <= 0)
		return 0;
	most = kib_of(text, "\nVmHWM:");
	now = kib_of(text, "\nVmRSS:");
	return now >= 0 && most > now ? (uint64_t)(most - now) : 0;
}

static void memory_read(const struct census *c, struct tree_usage *u)
{
	uint64_t pss = 0, rss = 0, more = 0, page = (uint64_t)sysconf(_SC_PAGESIZE);

	u->rss = u->processes > TREE_PSS_MAX;
	for (size_t i = 0; i < c->count; i++) {
		const struct process *p = &c->all[i];
		int64_t share;

		if (!p->inside || p->state == 'Z')
			continue;
		rss += p->pages * page;
		more += given_back(p->pid);
		share = u->rss ? 0 : pss_bytes(p->pid);
		if (share < 0)
			u->rss = true;
		else
			pss += (uint64_t)share;
	}
	u->memory = u->rss ? rss : pss;
	u->peak = u->memory + more;
}

int tree_read(pid_t root, bool memory, struct tree_usage *u)
{
	struct census c;
	double tick = 1 / (double)sysconf(_SC_CLK_TCK);
	int err = census_take(&c, root);

	memset(u, 0, sizeof(*u));
	for (size_t i = 0; !err && i < c.count; i++) {
		const struct process *p = &c.all[i];

		if (!p->inside)
			continue;
		cpu_read(p, tick, u);
		u->minor_faults += p->minor_faults;
		u->major_faults += p->major_faults;
		u->processes += p->state != 'Z';
		u->threads += p->state != 'Z' ? p->threads : 0;
	}
	if (!err && memory)
		memory_read(&c, u);
	census_free(&c);
	return err;
}
