/* SPDX-License-Identifier: MIT */
/* modus board verify. */
#include "archive.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
	"modus board verify FILE.db\n"
	"\n"
	"Counts what there is, and says \"ok\", or what is wrong: with the file, the positions of\n"
	"posts, the counters, the index of words.  Changes nothing.";

static int verify(struct store *s, const char *file)
{
	struct store_counts c;
	char said[512];
	int rc = store_verify(s, said, sizeof(said));

	if (rc) {
		fprintf(stderr, "modus board: %s: %s\n", file, *said ? said : strerror(-rc));
		return 1;
	}
	rc = store_count(s, &c);
	if (rc)
		return archive_failed(s, file, rc);
	printf("%lld boards, %lld topics, %lld posts, %lld users: ok\n", (long long)c.boards,
	       (long long)c.topics, (long long)c.posts, (long long)c.users);
	return 0;
}

int verify_main(int argc, char **argv)
{
	static const struct option options[] = { { "help", no_argument, NULL, 'h' }, { 0 } };
	struct store *s = NULL;
	int o = getopt_long(argc, argv, "h", options, NULL), rc, status;

	if (o != -1 || optind + 1 != argc)
		return archive_usage(usage, o);
	rc = access(argv[optind], F_OK) ? -errno : store_open(&s, argv[optind]);
	if (rc)
		return archive_failed(NULL, argv[optind], rc);
	status = verify(s, argv[optind]);
	store_close(s);
	return status;
}
