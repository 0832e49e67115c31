/* SPDX-License-Identifier: MIT */
#include "compare/measure/syscalls.h"

#include "compare/measure/tasks.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The tracepoint's number; or a negative errno. */
static int64_t tracepoint(void)
{
	static const char *const places[] = {
		"/sys/kernel/tracing/events/raw_syscalls/sys_enter/id",
		"/sys/kernel/debug/tracing/events/raw_syscalls/sys_enter/id",
	};
	unsigned id = 0;
	int err = -ENOENT;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && err; i++) {
		FILE *f = fopen(places[i], "re");

		if (!f)
			err = errno == ENOENT ? err : -errno;
		else
			err = fscanf(f, "%u", &id) == 1 ? 0 : -EBADMSG;
		if (f)
			fclose(f);
	}
	return err ? err : (int64_t)id;
}

static int count_thread(pid_t tid, uint64_t id)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT,
		.size = sizeof(attr),
		.config = id,
		.inherit = 1,
	};
	long fd = syscall(SYS_perf_event_open, &attr, tid, -1, -1, PERF_FLAG_FD_CLOEXEC);

	return fd < 0 ? -errno : (int)fd;
}

int syscalls_open(struct syscalls *s, pid_t root)
{
	struct tasks tasks = { NULL, 0, 0 };
	int64_t id = tracepoint();
	int err = id < 0 ? (int)id : tasks_read(root, &tasks);

	*s = (struct syscalls) { err ? NULL : calloc(tasks.count + 1, sizeof(*s->fds)), 0 };
	if (!err && !s->fds)
		err = -ENOMEM;
	for (size_t i = 0; !err && i < tasks.count; i++) {
		int fd = count_thread(tasks.all[i].tid, (uint64_t)id);

		if (fd >= 0)
			s->fds[s->count++] = fd;
		else if (fd != -ESRCH) /* it has just ended */
			err = fd;
	}
	tasks_free(&tasks);
	return err;
}

void syscalls_close(struct syscalls *s)
{
	for (size_t i = 0; i < s->count; i++)
		close(s->fds[i]);
	free(s->fds);
	*s = (struct syscalls) { NULL, 0 };
}

int syscalls_possible(char *why, size_t size)
{
	struct syscalls own;
	int err = syscalls_open(&own, getpid());

	syscalls_close(&own);
	if (err)
		snprintf(why, size,
			 "system calls cannot be counted here: %s (it takes tracefs in "
			 "/sys/kernel/tracing, and root or CAP_PERFMON)",
			 strerror(-err));
	return err;
}

int syscalls_read(const struct syscalls *s, uint64_t *sum)
{
	*sum = 0;
	for (size_t i = 0; i < s->count; i++) {
		uint64_t n = 0;

		if (read(s->fds[i], &n, sizeof(n)) != sizeof(n))
			return errno ? -errno : -EIO;
		*sum += n;
	}
	return s->count ? 0 : -ENODATA;
}
