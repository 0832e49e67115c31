/* SPDX-License-Identifier: MIT */
#include "compare/measure/processor.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

int processor_of(pid_t pid)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	if (sched_getaffinity(pid, sizeof(set), &set) || CPU_COUNT(&set) != 1)
		return -1;
	for (int i = 0; i < CPU_SETSIZE; i++)
		if (CPU_ISSET(i, &set))
			return i;
	return -1;
}

int processor_read(int cpu, struct processor_time *t)
{
	FILE *f = cpu < 0 ? NULL : fopen("/proc/stat", "re");
	unsigned long long user, nice, system, irq, softirq;
	double tick = 1 / (double)sysconf(_SC_CLK_TCK);
	char line[256];
	int which, err = -ENODATA;

	*t = (struct processor_time) { 0, 0 };
	while (f && err && fgets(line, sizeof(line), f))
		if (sscanf(line, "cpu%d %llu %llu %llu %*u %*u %llu %llu", &which, &user, &nice,
			   &system, &irq, &softirq) == 6 &&
		    which == cpu) {
			t->user = (double)(user + nice) * tick;
			t->system = (double)(system + irq + softirq) * tick;
			err = 0;
		}
	if (f)
		fclose(f);
	return err;
}
