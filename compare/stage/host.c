/* SPDX-License-Identifier: MIT */
#include "compare/stage/host.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

static void read_processor(char *out, size_t size)
{
	FILE *f = fopen("/proc/cpuinfo", "re");
	char line[256];

	snprintf(out, size, "unknown");
	while (f && fgets(line, sizeof(line), f)) {
		const char *value = strstr(line, ": ");

		if (strncmp(line, "model name", 10) || !value)
			continue;
		snprintf(out, size, "%.*s", (int)strcspn(value + 2, "\n"), value + 2);
		break;
	}
	if (f)
		fclose(f);
}

void host_read(struct host *h)
{
	struct utsname name;
	cpu_set_t set;
	int first = -1, second = -1;

	uname(&name);
	snprintf(h->kernel, sizeof(h->kernel), "%s %s %s", name.sysname, name.release,
		 name.machine);
	read_processor(h->processor, sizeof(h->processor));
	CPU_ZERO(&set);
	sched_getaffinity(0, sizeof(set), &set);
	h->allowed = set;
	h->cpus = CPU_COUNT(&set);
	for (int i = 0; i < CPU_SETSIZE && second < 0; i++) {
		if (!CPU_ISSET(i, &set))
			continue;
		if (first < 0)
			first = i;
		else
			second = i;
	}
	h->server_cpu = second < 0 ? -1 : first;
	h->client_cpu = second;
}

int host_pin(int cpu)
{
	cpu_set_t set;

	if (cpu < 0)
		return 0;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return sched_setaffinity(0, sizeof(set), &set) ? -errno : 0;
}

void host_unpin(const struct host *h)
{
	sched_setaffinity(0, sizeof(h->allowed), &h->allowed);
}
