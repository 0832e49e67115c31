/* SPDX-License-Identifier: MIT */
/* What the fields of a process say, told by the process itself. */
#include "compare/measure/census.h"

#include "unit_suite.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum { PAGES = 2048 };

static struct process look(void)
{
	struct process p = { .pid = 0 };
	struct census c;

	ck_assert_int_eq(census_take(&c, getpid()), 0);
	for (size_t i = 0; i < c.count; i++)
		if (c.all[i].pid == getpid())
			p = c.all[i];
	census_free(&c);
	ck_assert_int_eq(p.pid, getpid());
	return p;
}

START_TEST(test_fields)
{
	struct rusage u;
	struct process p;

	prctl(PR_SET_NAME, "a) R 1 (b"); /* a name is no field */
	p = look();
	getrusage(RUSAGE_SELF, &u);
	ck_assert(p.inside);
	ck_assert_int_eq(p.parent, getppid());
	ck_assert_int_eq(p.state, 'R');
	ck_assert_uint_eq(p.threads, 1);
	ck_assert_uint_gt(p.minor_faults, 0);
	ck_assert_uint_le(p.minor_faults, (uint64_t)u.ru_minflt);
	ck_assert_uint_le(p.major_faults, (uint64_t)u.ru_majflt);
}
END_TEST

/* Each page touched for the first time is a fault, and is resident then. */
START_TEST(test_pages)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct process before = look(), after;
	char *block = mmap(NULL, PAGES * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			   -1, 0);

	ck_assert_ptr_ne(block, MAP_FAILED);
	madvise(block, PAGES * page, MADV_NOHUGEPAGE);
	memset(block, 1, PAGES * page);
	after = look();
	ck_assert_uint_ge(after.minor_faults, before.minor_faults + PAGES);
	ck_assert_uint_le(after.minor_faults, before.minor_faults + 2 * PAGES);
	ck_assert_uint_ge(after.pages, before.pages + PAGES - PAGES / 8);
	ck_assert_uint_le(after.pages, before.pages + 2 * PAGES);
	munmap(block, PAGES * page);
}
END_TEST

START_TEST(test_others_are_outside)
{
	struct census c;

	ck_assert_int_eq(census_take(&c, getpid()), 0);
	for (size_t i = 0; i < c.count; i++)
		ck_assert(c.all[i].inside == (c.all[i].pid == getpid()));
	census_free(&c);
	ck_assert_int_eq(census_take(&c, 0), -ESRCH);
	census_free(&c);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_fields,
		test_pages,
		test_others_are_outside,
	};

	return SUITE_RUN("census", tests, NULL, NULL);
}
