/* SPDX-License-Identifier: MIT */
/* Rivals that are this program again, told by its arguments what to do. */
#include "compare/stage/rival.h"

#include "core/address.h"

#include "unit_suite.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

static char directory[64], why[1024];
static struct rival rival;
static struct server server;

/* ---- The rivals -------------------------------------------------------------------------------*/

static int listen_at(in_port_t port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_port = port,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	return bind(fd, (struct sockaddr *)&at, sizeof(at)) || listen(fd, 8) ? -1 : fd;
}

static int be_rival(char **arg)
{
	if (!strcmp(arg[1], "fail")) {
		puts("no luck today");
		return 3;
	}
	/* The file comes first: who sees it listen may look for it at once. */
	if (!strcmp(arg[1], "listen"))
		if (creat(arg[3] ? arg[3] : "here", 0600) < 0 ||
		    listen_at(htons((uint16_t)atoi(arg[2]))) < 0)
			return 4;
	for (;;)
		pause();
}

/* ---- The tests --------------------------------------------------------------------------------*/

static int start(const char *text)
{
	ck_assert_msg(!rival_read(&rival, text, why, sizeof(why)), "%s", why);
	return rival_start(&server, &rival, directory, -1, -1, why, sizeof(why));
}

static bool exists(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return !access(path, F_OK);
}

static void assert_read(const char *text, const char *name, const char *command, const char *target)
{
	ck_assert_msg(!rival_read(&rival, text, why, sizeof(why)), "%s: %s", text, why);
	ck_assert_str_eq(rival.name, name);
	ck_assert_str_eq(rival.target, target);
	ck_assert(!command == !rival.command);
	if (command)
		ck_assert_str_eq(rival.command, command);
}

START_TEST(test_read)
{
	assert_read("a=tcp://127.0.0.1:80", "a", NULL, "tcp://127.0.0.1:80");
	assert_read("tcp://[::1]:80", "rival", NULL, "tcp://[::1]:80");
	assert_read("it=run --a=b {port}", "it", "run --a=b {port}", "");
	assert_read("/usr/bin/run {port}", "run", "/usr/bin/run {port}", "");
	assert_read("run-with-a-long-name {port}", "run-with-a", "run-with-a-long-name {port}", "");
	assert_read("run a=b {port}", "run", "run a=b {port}", "");
}
END_TEST

START_TEST(test_refused)
{
	static const char *const bad[][2] = {
		{ "", "{port}" },
		{ "run", "{port}" },
		{ "a=", "{port}" },
		{ "eleven-long=run {port}", "at most 10" },
		{ "tcp://localhost:80", "a number" },
		{ "tcp://", "a number" },
		{ "a=udp://127.0.0.1:80", "{port}" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_int_eq(rival_read(&rival, bad[i][0], why, sizeof(why)), -EINVAL);
		ck_assert_msg(strstr(why, bad[i][1]) != NULL, "%s: %s", bad[i][0], why);
	}
}
END_TEST

START_TEST(test_life)
{
	pid_t pid;

	ck_assert_msg(!start("$SELF listen {port}"), "%s", why);
	pid = server.pid;
	ck_assert_int_eq(server.root, pid);
	ck_assert(exists("here"));
	ck_assert(server_runs(&server, why, sizeof(why)));
	ck_assert(server_stop(&server, NULL));
	ck_assert_int_eq(kill(pid, 0), -1);
}
END_TEST

/* Other braces are the shell's, or the program's. */
START_TEST(test_placeholders)
{
	ck_assert_msg(!start("$SELF listen {port} '{dir}/{x}{'"), "%s", why);
	ck_assert(exists("{x}{"));
	server_stop(&server, NULL);
	ck_assert_msg(!start("sh -c 'cd {here} && exec $SELF listen {port} {dir}/there'"), "%s",
		      why);
	ck_assert(exists("there"));
	server_stop(&server, NULL);
}
END_TEST

START_TEST(test_dies)
{
	ck_assert_int_eq(start("$SELF fail {port}"), -ECHILD);
	ck_assert_msg(strstr(why, "ended with status 3") && strstr(why, "no luck today"), "%s",
		      why);
	ck_assert_int_eq(server.pid, 0);
	ck_assert_int_eq(start("/nonexistent {port}"), -ECHILD);
	ck_assert_ptr_nonnull(strstr(why, "/nonexistent"));
}
END_TEST

/* The wait for one that never listens can be ended. */
START_TEST(test_interrupted)
{
	int stop = eventfd(1, EFD_CLOEXEC);

	ck_assert_int_eq(rival_read(&rival, "$SELF wait {port}", why, sizeof(why)), 0);
	ck_assert_int_eq(rival_start(&server, &rival, directory, -1, stop, why, sizeof(why)),
			 -EINTR);
	ck_assert_int_eq(server.pid, 0);
	close(stop);
}
END_TEST

/* One that runs anyway is left alone. */
START_TEST(test_runs_already)
{
	struct address at = { .len = sizeof(at.un) };
	char text[96];
	int fd = listen_at(0);

	getsockname(fd, &at.any, &at.len);
	snprintf(text, sizeof(text), "tcp://127.0.0.1:%u", ntohs(at.in.sin_port));
	ck_assert_int_eq(rival_read(&rival, text, why, sizeof(why)), 0);
	rival.pid = getpid();
	ck_assert_int_eq(rival_start(&server, &rival, directory, -1, -1, why, sizeof(why)), 0);
	ck_assert_int_eq(server.root, getpid());
	ck_assert_int_eq(server.pid, 0);
	ck_assert_str_eq(server.target, text);
	ck_assert(server_runs(&server, why, sizeof(why)));
	ck_assert(server_stop(&server, NULL));
	close(fd);
	ck_assert_int_eq(rival_start(&server, &rival, directory, -1, -1, why, sizeof(why)),
			 -ECONNREFUSED);
	ck_assert_ptr_nonnull(strstr(why, text));
}
END_TEST

static void setup(void)
{
	snprintf(directory, sizeof(directory), "/tmp/modus-rival.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(directory));
}

static void teardown(void)
{
	static const char *const made[] = { "here", "there", "{x}{" };
	char path[128];

	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", directory, made[i]);
		unlink(path);
	}
	rmdir(directory);
}

static int run_tests(void)
{
	const TTest *const tests[] = {
		test_read, test_refused,     test_life,         test_placeholders,
		test_dies, test_interrupted, test_runs_already,
	};
	char *self = realpath("/proc/self/exe", NULL);

	setenv("SELF", self, 1); /* which the shell puts in */
	free(self);
	return SUITE_RUN("rival", tests, setup, teardown);
}

int main(int argc, char **argv)
{
	return argc > 1 ? be_rival(argv) : run_tests();
}
