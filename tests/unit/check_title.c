/* SPDX-License-Identifier: MIT */
/* Each case runs in a process of its own, whose title it may spoil. */
#include "core/title.h"

#include "core_fixture.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

enum { VARIABLES = 200 };

static int arg_count;
static char **args;
static char *variables[VARIABLES + 1]; /* the environment that the process began with */
static char **volatile moved; /* libc forgets environ before valgrind looks for what is lost */

static size_t read_proc(const char *file, char *out, size_t size)
{
	FILE *f = fopen(file, "re");
	size_t n = f ? fread(out, 1, size - 1, f) : 0;

	if (f)
		fclose(f);
	out[n] = '\0';
	return n;
}

/* Tools that load the program in the kernel's stead put its arguments where ps does not look. */
static bool kernel_sees_args(void)
{
	char stat[2048], *at;
	uintptr_t start;

	read_proc("/proc/self/stat", stat, sizeof(stat));
	at = strrchr(stat, ')');
	for (int field = 2; at && field < 48; field++)
		at = strchr(at + 1, ' ');
	return at && sscanf(at, "%" SCNuPTR, &start) == 1 && start == (uintptr_t)args[0];
}

static void in_child(void (*run)(void))
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		run();
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "status %x", status);
}

/* In the child, where Check's own assertions would end the wrong process. */
static void want(bool so, int status)
{
	if (!so)
		_exit(status);
}

static void init(void)
{
	title_init(arg_count, args);
	moved = environ;
}

static void check_comm(void)
{
	char comm[64];

	title_set("echo", "unused");
	read_proc("/proc/self/comm", comm, sizeof(comm));
	want(!strcmp(comm, "echo\n"), 1);
	title_set("a-name-longer-than-fifteen", "unused");
	read_proc("/proc/self/comm", comm, sizeof(comm));
	want(!strcmp(comm, "a-name-longer-t\n"), 2);
}

/* Before title_init() the arguments are not ours to write. */
static void check_before_init(void)
{
	char before[4096], after[4096];
	size_t n = read_proc("/proc/self/cmdline", before, sizeof(before));

	title_set("echo", "modus: service %s", "echo");
	want(read_proc("/proc/self/cmdline", after, sizeof(after)) == n, 1);
	want(!memcmp(before, after, n), 2);
}

static void check_cmdline(void)
{
	static const char child[TITLE_MAX] = "modus: child of echo", it[TITLE_MAX] = "it";
	char line[8192];

	init();
	title_set("echo", "modus: service %s (%d)", "echo", 7);
	want(read_proc("/proc/self/cmdline", line, sizeof(line)) > 0, 1);
	want(!strcmp(line, "modus: service echo (7)"), 2);
	title_set("echo", "short");
	read_proc("/proc/self/cmdline", line, sizeof(line));
	want(!strcmp(line, "short"), 3);
	want(!strstr(line + 6, "service"), 4); /* nothing is left of the title before */
	title_put(child);
	read_proc("/proc/self/cmdline", line, sizeof(line));
	want(!strcmp(line, child), 5);
	title_put(it);
	read_proc("/proc/self/cmdline", line, sizeof(line));
	want(!strcmp(line, "it") && !strstr(line + 3, "child"), 6);
}

/* A title may be as long as it likes: it fills what the environment has left. */
static void check_environment(void)
{
	init();
	title_set("echo", "%s%100000d", "long", 1);
	for (int i = 0; variables[i]; i++)
		want(environ[i] && !strcmp(environ[i], variables[i]), 1);
}

static void check_long(void)
{
	char line[8192];

	init();
	title_set("echo", "%s%100000d", "long", 1);
	read_proc("/proc/self/cmdline", line, sizeof(line));
	want(!strncmp(line, "long  ", 6), 1);
}

START_TEST(test_comm)
{
	in_child(check_comm);
}
END_TEST

START_TEST(test_arguments_stay_before_init)
{
	in_child(check_before_init);
}
END_TEST

START_TEST(test_arguments_become_the_title)
{
	if (kernel_sees_args())
		in_child(check_cmdline);
}
END_TEST

START_TEST(test_the_environment_moves)
{
	in_child(check_environment);
}
END_TEST

START_TEST(test_a_title_too_long_is_cut)
{
	if (kernel_sees_args())
		in_child(check_long);
}
END_TEST

int main(int argc, char **argv)
{
	const TTest *const tests[] = {
		test_comm,
		test_arguments_stay_before_init,
		test_arguments_become_the_title,
		test_the_environment_moves,
		test_a_title_too_long_is_cut,
	};
	int failed;

	for (int i = 0; environ[i] && i < VARIABLES; i++)
		variables[i] = strdup(environ[i]);
	arg_count = argc;
	args = argv;
	failed = SUITE_RUN("title", tests, NULL, NULL);
	for (int i = 0; variables[i]; i++)
		free(variables[i]);
	return failed;
}
