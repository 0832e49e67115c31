/* SPDX-License-Identifier: MIT */
/*
 * embedding MODEL [ROWS]: servers within an application, under one model.  The cases of CPython's
 * Lib/test/test_socketserver.py have the names that they have there; what is ForkingTCPServer there
 * is TCPServer under the model fork here, and so on.
 */
#include "tests/embedding/harness.h"

#include <stdio.h>
#include <sys/mman.h>

struct subject subject = { .dir = "/tmp/modus-embedding.XXXXXX" };

static void set_up(void)
{
	memset(subject.seen, 0, sizeof(*subject.seen));
}

static void add(Suite *suite, const char *name, void (*tests)(TCase *t))
{
	TCase *t = tcase_create(name);

	suite_add_tcase(suite, t);
	tcase_add_checked_fixture(t, set_up, NULL);
	tcase_set_timeout(t, 60);
	tests(t);
}

static int run(void)
{
	Suite *suite = suite_create("embedding");
	SRunner *runner = srunner_create(suite);
	int failed;

	add(suite, "requests", add_requests);
	add(suite, "verbs", add_verbs);
	add(suite, "errors", add_errors);
	add(suite, "writer", add_writer);
	add(suite, "hosting", add_hosting);
	add(suite, "config", add_config);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

static void remove_dir(void)
{
	char command[100];

	snprintf(command, sizeof(command), "rm -rf %s", subject.dir);
	if (system(command))
		perror(command);
}

int main(int argc, char **argv)
{
	const struct modus_model *const *m = models_all;
	int status;

	while (argc > 1 && *m && strcmp((*m)->name, argv[1]))
		m++;
	if (argc < 2 || !*m) {
		fprintf(stderr, "usage: embedding MODEL [ROWS]\n");
		return 2;
	}
	subject.model = *m;
	subject.rows = argv[2];
	subject.seen = mmap(NULL, sizeof(*subject.seen), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (subject.seen == MAP_FAILED || !mkdtemp(subject.dir)) {
		perror("embedding");
		return 2;
	}
	status = run();
	remove_dir();
	return status;
}
