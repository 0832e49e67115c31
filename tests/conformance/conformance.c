/* SPDX-License-Identifier: MIT */
/*
 * One program for the whole matrix: conformance MODEL ROWS TRANSPORT.  What a test expects follows
 * from the contract of handlers and from the model's capabilities, never from the model's name.
 */
#include "tests/conformance/harness.h"

#include "models/models.h"

#include <dirent.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { SKIPPED = 77 };

struct subject subject = { .dir = "/tmp/modus-conformance.XXXXXX" };

static const struct {
	const char *name;
	int family;
	bool datagram;
} transports[] = {
	{ "tcp4", AF_INET, false }, { "tcp6", AF_INET6, false }, { "unix", AF_UNIX, false },
	{ "udp4", AF_INET, true },  { "udp6", AF_INET6, true },  { "unix-dgram", AF_UNIX, true },
};

static const struct {
	unsigned bit;
	const char *name;
} capabilities[] = {
	{ MODUS_CONCURRENT, "concurrent" }, { MODUS_THREADED, "threaded" },
	{ MODUS_PROCESSES, "processes" },   { MODUS_EVENTED, "evented" },
	{ MODUS_ISOLATED, "isolated" },
};

int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void pause_ms(int ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000L };

	nanosleep(&t, NULL);
}

bool is_long(void)
{
	return getenv("MODUS_TEST_LONG");
}

bool can(unsigned wanted)
{
	return (subject.capabilities & wanted) == wanted;
}

void needs(TCase *cases, unsigned wanted, const TTest *test)
{
	if (can(wanted)) {
		tcase_add_test(cases, test);
		return;
	}
	printf("left out: %s, needs a model that is", test->name);
	for (size_t i = 0; i < sizeof(capabilities) / sizeof(capabilities[0]); i++)
		if (wanted & capabilities[i].bit)
			printf(" %s", capabilities[i].name);
	printf("\n");
}

/* Clients last: what a test leaves behind must not keep its servers from ending. */
static void after_test(void)
{
	clients_after_test();
	upstream_echo_join();
	servers_after_test();
}

TCase *part(Suite *s, const char *name)
{
	TCase *cases = tcase_create(name);

	tcase_add_checked_fixture(cases, NULL, after_test);
	suite_add_tcase(s, cases);
	return cases;
}

START_TEST(shared_servers_end_well)
{
	servers_end();
}
END_TEST

static bool choose(char **argv)
{
	for (const struct modus_model *const *m = models_all; *m; m++)
		if (!strcmp((*m)->name, argv[1])) {
			subject.model = argv[1];
			subject.capabilities = (*m)->capabilities;
		}
	for (size_t i = 0; i < sizeof(transports) / sizeof(transports[0]); i++)
		if (!strcmp(transports[i].name, argv[3])) {
			subject.transport = argv[3];
			subject.family = transports[i].family;
			subject.datagram = transports[i].datagram;
		}
	subject.rows = argv[2];
	return subject.model && subject.transport;
}

static bool has_ipv6(void)
{
	struct sockaddr_in6 a = { .sin6_family = AF_INET6, .sin6_addr = in6addr_loopback };
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool has = fd >= 0 && bind(fd, (struct sockaddr *)&a, sizeof(a)) == 0;

	close(fd);
	return has;
}

static Suite *all_parts(void)
{
	Suite *s = suite_create("conformance");

	add_services(s);
	add_about(s);
	add_access(s);
	add_blocking(s);
	add_waiting(s);
	add_upstream(s);
	add_lifecycle(s);
	add_tasks(s);
	add_fairness(s);
	add_drain(s);
	if (subject.datagram) {
		add_datagram(s);
		add_hostile_flood(s);
	} else {
		add_input(s);
		add_output(s);
		add_deadlines(s);
		add_news(s);
		add_crash(s);
		add_stop(s);
		add_hostile_leave(s);
		add_hostile_during(s);
		add_hostile_slow(s);
		add_hostile_crowd(s);
		add_pairs(s);
	}
	tcase_add_test(part(s, "end"), shared_servers_end_well);
	return s;
}

/* Crowds of clients, and servers that inherit it. */
static void allow_descriptors(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static void remove_sockets(void)
{
	DIR *d = opendir(subject.dir);
	struct dirent *e;

	while (d && (e = readdir(d)))
		unlinkat(dirfd(d), e->d_name, 0);
	closedir(d);
	rmdir(subject.dir);
}

int main(int argc, char **argv)
{
	SRunner *runner;
	int failed;

	if (argc != 4 || !choose(argv)) {
		fprintf(stderr, "usage: %s MODEL ROWS TRANSPORT\n", argv[0]);
		return 2;
	}
	if (subject.family == AF_INET6 && !has_ipv6()) {
		printf("skipped: this machine has no ::1\n");
		return SKIPPED;
	}
	if (!mkdtemp(subject.dir))
		return 2;
	signal(SIGPIPE, SIG_IGN);
	allow_descriptors();
	runner = srunner_create(all_parts());
	srunner_set_fork_status(runner, CK_NOFORK); /* the tests share servers */
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	if (failed)
		servers_tell();
	remove_sockets();
	return failed ? 1 : 0;
}
