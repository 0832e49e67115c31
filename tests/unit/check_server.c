/* SPDX-License-Identifier: MIT */
/* Servers under test are shell scripts here; one line of each is what the test is about. */
#include "compare/stage/serve.h"

#include "unit_suite.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define READY "echo 'info listening on tcp://127.0.0.1:4711, backlog 5' >&2; echo 'info ready' >&2;"

static struct server s = SERVER_NONE;
static char script[64], why[1024];

static void write_script(const char *body)
{
	FILE *f;

	snprintf(script, sizeof(script), "/tmp/check_server.%d", (int)getpid());
	f = fopen(script, "we");
	ck_assert_ptr_nonnull(f);
	fprintf(f, "#!/bin/sh\n%s\n", body);
	fclose(f);
	ck_assert_int_eq(chmod(script, 0700), 0);
}

static int start(const char *body)
{
	write_script(body);
	return serve_start(&s, script, "the.conf", -1, -1, why, sizeof(why));
}

START_TEST(test_ready)
{
	ck_assert_int_eq(start("test \"$1 $2\" = '--foreground the.conf' || exit 9\n" READY
			       "while :; do sleep 0.01; done"),
			 0);
	ck_assert_str_eq(s.target, "tcp://127.0.0.1:4711");
	ck_assert(server_runs(&s, why, sizeof(why)));
	ck_assert(server_stop(&s, NULL));
	ck_assert_int_eq(s.pid, 0);
}
END_TEST

/* What its config names without a leading '/' is beside that; what was beside us is still found. */
START_TEST(test_runs_beside_its_config)
{
	char here[512], body[1200];

	ck_assert_ptr_nonnull(getcwd(here, sizeof(here)));
	snprintf(body, sizeof(body),
		 "pwd >&2; test \"$MODUS_PLUGIN_PATH\" = '%s/some/where:/else' || exit 9\n" READY
		 "exec sleep 60",
		 here);
	write_script(body);
	setenv("MODUS_PLUGIN_PATH", "some/where:/else", 1);
	ck_assert_msg(!serve_start(&s, script, "/proc/self/the.conf", -1, -1, why, sizeof(why)),
		      "%s", why);
	ck_assert_int_gt(pread(s.log, body, sizeof(body), 0), 0);
	ck_assert_ptr_nonnull(strstr(body, "/proc/"));
	ck_assert(server_stop(&s, NULL));
	unsetenv("MODUS_PLUGIN_PATH");
}
END_TEST

START_TEST(test_is_found_from_anywhere)
{
	char path[512];

	ck_assert_int_eq(serve_find("/proc/../bin/sh", path, sizeof(path), why, sizeof(why)), 0);
	ck_assert_int_eq(path[0], '/');
	ck_assert_ptr_null(strstr(path, ".."));
}
END_TEST

START_TEST(test_ends_at_once)
{
	ck_assert_int_eq(start("echo 'no such model' >&2; exit 3"), -ECHILD);
	ck_assert_ptr_nonnull(strstr(why, "status 3"));
	ck_assert_ptr_nonnull(strstr(why, "no such model"));
}
END_TEST

START_TEST(test_cannot_be_executed)
{
	ck_assert_int_eq(serve_start(&s, "/nonexistent", "c", -1, -1, why, sizeof(why)), -ECHILD);
	ck_assert_ptr_nonnull(strstr(why, "/nonexistent: No such file"));
	ck_assert_int_eq(serve_find("/nonexistent", script, sizeof(script), why, sizeof(why)),
			 -ENOENT);
}
END_TEST

START_TEST(test_dies_later)
{
	ck_assert_int_eq(start(READY "echo 'my last words' >&2; kill -9 $$"), 0);
	while (server_runs(&s, why, sizeof(why)))
		;
	ck_assert_ptr_nonnull(strstr(why, "signal 9"));
	ck_assert_ptr_nonnull(strstr(why, "my last words"));
	ck_assert(server_stop(&s, NULL));
}
END_TEST

START_TEST(test_interrupted_while_it_starts)
{
	int stop = eventfd(1, EFD_CLOEXEC);

	write_script("exec sleep 60");
	ck_assert_int_eq(serve_start(&s, script, "c", -1, stop, why, sizeof(why)), -EINTR);
	ck_assert_int_eq(s.pid, 0);
}
END_TEST

/* A stubborn one is killed, with the child that it would leave behind. */
START_TEST(test_stubborn)
{
	time_t begin = time(NULL);
	pid_t pid;

	ck_assert_int_eq(start("trap '' TERM; sleep 60 &\n" READY "while :; do sleep 0.01; done"),
			 0);
	pid = s.pid;
	ck_assert(!server_stop(&s, NULL));
	ck_assert_int_le(time(NULL) - begin, 5);
	for (int i = 0; i < 500 && !kill(-pid, 0); i++)
		usleep(10000); /* its orphans are reaped by somebody else */
	ck_assert(kill(-pid, 0) && errno == ESRCH);
}
END_TEST

/* Nobody reads the log meanwhile, and yet it does not stop. */
START_TEST(test_talkative)
{
	ck_assert_int_eq(start(READY "head -c 1000000 /dev/zero | tr '\\0' x >&2; exit 4"), 0);
	while (server_runs(&s, why, sizeof(why)))
		;
	ck_assert_ptr_nonnull(strstr(why, "status 4"));
	server_stop(&s, NULL);
}
END_TEST

static void tear_down(void)
{
	server_stop(&s, NULL);
	unlink(script);
}

int main(void)
{
	const TTest *const tests[] = {
		test_ready,
		test_runs_beside_its_config,
		test_is_found_from_anywhere,
		test_ends_at_once,
		test_cannot_be_executed,
		test_dies_later,
		test_interrupted_while_it_starts,
		test_stubborn,
		test_talkative,
	};

	return SUITE_RUN("server", tests, NULL, tear_down);
}
