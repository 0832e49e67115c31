/* SPDX-License-Identifier: MIT */
/*
 * One program for all models: faults MODEL ROWS.  Each test is a process of its own with a service
 * of its own; what it expects follows from the contract and from the model's capabilities.
 */
#include "tests/faults/harness.h"

#include "models/models.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum { TESTS = 512, TEST_S = 60, LOG_TAIL = 4000 };

struct subject subject = { .dir = "/tmp/modus-faults.XXXXXX", .transport = "tcp4" };

static struct places { /* of all tests, shared with them */
	_Atomic int count;
	char text[TESTS][200];
} * places;
static int place; /* of this one */

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
	const char *wish = getenv("MODUS_TEST_LONG");

	return wish && strcmp(wish, "1") == 0;
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

void test_at(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(places->text[place], sizeof(places->text[place]), format, args);
	va_end(args);
}

/* ---- Around the tests
 * --------------------------------------------------------------------------*/

static void before_test(void)
{
	place = places->count++ % TESTS;
	wrap_init();
	prctl(PR_SET_CHILD_SUBREAPER, 1); /* who loses his parent is seen */
	test_at("began");
}

static void after_test(void)
{
	clients_after_test();
	servers_after_test();
	test_at("%s", ""); /* it was well */
}

TCase *part(Suite *s, const char *name)
{
	TCase *cases = tcase_create(name);

	tcase_add_checked_fixture(cases, before_test, after_test);
	tcase_set_timeout(cases, TEST_S);
	suite_add_tcase(s, cases);
	return cases;
}

static void tell_log(int dir, const char *name)
{
	static char text[LOG_TAIL + 1];
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	off_t size = lseek(fd, 0, SEEK_END);
	ssize_t n = pread(fd, text, LOG_TAIL, size > LOG_TAIL ? size - LOG_TAIL : 0);

	text[n > 0 ? n : 0] = '\0';
	printf("---- %s\n%s", name, text);
	close(fd);
}

/* Logs are left by tests that failed. */
static void clean_up(void)
{
	DIR *d = opendir(subject.dir);
	struct dirent *e;

	for (int i = 0; i < TESTS; i++)
		if (*places->text[i])
			printf("failed: %s\n", places->text[i]);
	while (d && (e = readdir(d))) {
		if (strncmp(e->d_name, "log", 3) == 0)
			tell_log(dirfd(d), e->d_name);
		unlinkat(dirfd(d), e->d_name, 0);
	}
	closedir(d);
	rmdir(subject.dir);
}

static bool choose(char **argv)
{
	for (const struct modus_model *const *m = models_all; *m; m++)
		if (!strcmp((*m)->name, argv[1])) {
			subject.model = argv[1];
			subject.capabilities = (*m)->capabilities;
		}
	subject.rows = argv[2];
	subject.family = AF_INET;
	return subject.model;
}

int main(int argc, char **argv)
{
	Suite *s = suite_create("faults");
	SRunner *runner;
	int failed;

	if (argc != 3 || !choose(argv)) {
		fprintf(stderr, "usage: %s MODEL ROWS\n", argv[0]);
		return 2;
	}
	places = mmap(NULL, sizeof(*places), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (places == MAP_FAILED || !mkdtemp(subject.dir))
		return 2;
	signal(SIGPIPE, SIG_IGN);
	add_start(s);
	add_calls(s);
	add_lasting(s);
	add_shortage(s);
	add_supervise(s);
	add_kill(s);
	add_clock(s);
	add_hang(s);
	add_rogue(s);
	add_taken(s);
	runner = srunner_create(s);
	srunner_set_fork_status(runner, CK_FORK);
	fflush(stdout);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	clean_up();
	return failed ? 1 : 0;
}
