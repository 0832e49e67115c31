/* SPDX-License-Identifier: MIT */
/*
 * Counts system calls of a process and all below it, by the kernel's own count of the tracepoint
 * raw_syscalls:sys_enter (perf_event_open(2)), which those that are born later inherit.  It needs
 * tracefs and the right to trace (root, or CAP_PERFMON and a readable tracefs).  Each system call
 * of the machine then takes the kernel's slower way in: that is why it is counted on demand only.
 */
#ifndef COMPARE_SYSCALLS_H
#define COMPARE_SYSCALLS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct syscalls {
	int *fds; /* a counter for each thread that lived when it was opened */
	size_t count;
};

/* Begins to count those of root and all below it, from now on: 0, or a negative errno: -ENOENT, if
 * there is no tracefs to read, -EACCES or -EPERM, if it is not allowed.  syscalls_close() in any
 * case. */
int syscalls_open(struct syscalls *s, pid_t root);
void syscalls_close(struct syscalls *s);

/* Whether that can be had here: 0, or a negative errno and a sentence in why. */
int syscalls_possible(char *why, size_t size);

/* How many there were: 0 or a negative errno. */
int syscalls_read(const struct syscalls *s, uint64_t *sum);

#endif
