/* SPDX-License-Identifier: MIT */
#include "compare/stage/environment.h"

#include "build_config.h"

#include <dirent.h>
#include <gnu/libc-version.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#if defined(__clang__)
#define COMPILER "clang "
#else
#define COMPILER "gcc "
#endif

static const char vulnerabilities[] = "/sys/devices/system/cpu/vulnerabilities";

/* Facts that are the first line of a file. */
static const struct {
	const char *name, *path;
} files[] = {
	{ "governor", "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor" },
	{ "clocksource", "/sys/devices/system/clocksource/clocksource0/current_clocksource" },
	{ "memory", "/proc/meminfo" },
	{ "load_before", "/proc/loadavg" },
	{ "somaxconn", "/proc/sys/net/core/somaxconn" },
	{ "tcp_max_syn_backlog", "/proc/sys/net/ipv4/tcp_max_syn_backlog" },
	{ "tcp_tw_reuse", "/proc/sys/net/ipv4/tcp_tw_reuse" },
	{ "ip_local_port_range", "/proc/sys/net/ipv4/ip_local_port_range" },
	{ "file_max", "/proc/sys/fs/file-max" },
	{ "threads_max", "/proc/sys/kernel/threads-max" },
	{ "transparent_hugepages", "/sys/kernel/mm/transparent_hugepage/enabled" },
};

__attribute__((format(printf, 3, 4))) static void add(struct environment *e, const char *name,
						      const char *format, ...)
{
	struct fact *fact = &e->facts[e->count];
	va_list args;

	if (e->count == ENVIRONMENT_FACTS)
		return;
	snprintf(fact->name, sizeof(fact->name), "%s", name);
	va_start(args, format);
	vsnprintf(fact->value, sizeof(fact->value), format, args);
	va_end(args);
	e->count++;
}

/* The first line of a file, with blanks in the place of tabs. */
static void add_file(struct environment *e, const char *name, const char *path)
{
	char line[sizeof(e->facts->value)] = "";
	FILE *f = fopen(path, "re");

	if (!f)
		return;
	if (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		for (char *tab = line; (tab = strchr(tab, '\t'));)
			*tab = ' ';
		add(e, name, "%s", line);
	}
	fclose(f);
}

static void add_limit(struct environment *e, const char *name, __rlimit_resource_t resource)
{
	struct rlimit limit;

	if (getrlimit(resource, &limit))
		return;
	if (limit.rlim_cur == RLIM_INFINITY)
		add(e, name, "unlimited");
	else
		add(e, name, "%llu", (unsigned long long)limit.rlim_cur);
}

/* What the kernel does against a fault of the processor, where it has it. */
static void add_mitigations(struct environment *e)
{
	DIR *dir = opendir(vulnerabilities);
	const struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		char path[512], name[sizeof(e->facts->name)];

		if (*entry->d_name == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", vulnerabilities, entry->d_name);
		snprintf(name, sizeof(name), "mitigation_%.30s", entry->d_name);
		add_file(e, name, path);
		if (e->count && !strcmp(e->facts[e->count - 1].value, "Not affected"))
			e->count--;
	}
	if (dir)
		closedir(dir);
}

void environment_read(struct environment *e)
{
	e->count = 0;
	add(e, "modus", "%s", MODUS_VERSION);
	add(e, "compiler", COMPILER "%s", __VERSION__);
	add(e, "libc", "glibc %s", gnu_get_libc_version());
	add_limit(e, "limit_files", RLIMIT_NOFILE);
	add_limit(e, "limit_processes", RLIMIT_NPROC);
	for (unsigned i = 0; i < sizeof(files) / sizeof(*files); i++)
		add_file(e, files[i].name, files[i].path);
	add_mitigations(e);
}
