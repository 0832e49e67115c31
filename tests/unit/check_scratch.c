/* SPDX-License-Identifier: MIT */
/* The directory of a server under test: where it is made, and that nothing is left of it. */
#include "compare/stage/scratch.h"

#include "unit_suite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct scratch s;
static char why[256];

static void make_in(const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", s.path, name);
	ck_assert_int_eq(mkdir(path, 0700), 0);
}

START_TEST(test_all_is_removed)
{
	char path[sizeof(s.path)];

	unsetenv("TMPDIR");
	ck_assert_int_eq(scratch_make(&s, why, sizeof(why)), 0);
	ck_assert(!strncmp(s.path, "/tmp/modus-compare.", 19));
	make_in("a");
	make_in("a/b");
	snprintf(path, sizeof(path), "%s", s.path);
	scratch_empty(&s);
	ck_assert_int_eq(access(path, F_OK), 0);
	make_in("a");
	scratch_remove(&s);
	ck_assert_int_eq(access(path, F_OK), -1);
	scratch_remove(&s);
}
END_TEST

/* A link is removed, what it leads to is not. */
START_TEST(test_links_are_not_followed)
{
	struct scratch other;
	char link[sizeof(s.path) + 8];

	ck_assert_int_eq(scratch_make(&s, why, sizeof(why)), 0);
	ck_assert_int_eq(scratch_make(&other, why, sizeof(why)), 0);
	snprintf(link, sizeof(link), "%s/link", other.path);
	ck_assert_int_eq(symlink(s.path, link), 0);
	make_in("stays");
	scratch_remove(&other);
	snprintf(link, sizeof(link), "%s/stays", s.path);
	ck_assert_int_eq(access(link, F_OK), 0);
	scratch_remove(&s);
}
END_TEST

START_TEST(test_place)
{
	struct scratch outer;

	unsetenv("TMPDIR");
	ck_assert_int_eq(scratch_make(&outer, why, sizeof(why)), 0);
	setenv("TMPDIR", outer.path, 1);
	ck_assert_int_eq(scratch_make(&s, why, sizeof(why)), 0);
	ck_assert(!strncmp(s.path, outer.path, strlen(outer.path)));
	scratch_remove(&outer);
	ck_assert_int_eq(scratch_make(&s, why, sizeof(why)), -ENOENT);
	ck_assert_ptr_nonnull(strstr(why, "cannot make a directory in /tmp/modus-compare."));
	ck_assert(!scratch_is_memory());
	setenv("TMPDIR", "not/whole", 1);
	ck_assert_int_eq(scratch_make(&s, why, sizeof(why)), 0);
	ck_assert(!strncmp(s.path, "/tmp/", 5));
	scratch_remove(&s);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_all_is_removed,
		test_links_are_not_followed,
		test_place,
	};

	return SUITE_RUN("scratch", tests, NULL, NULL);
}
