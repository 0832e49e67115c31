/* SPDX-License-Identifier: MIT */
#include "compare/stage/environment.h"

#include "tests/unit/unit_suite.h"

#include <gnu/libc-version.h>
#include <string.h>
#include <sys/resource.h>

static struct environment environment;

static void set_up(void)
{
	environment_read(&environment);
}

static void tear_down(void)
{
}

static const char *value_of(const char *name)
{
	for (unsigned i = 0; i < environment.count; i++)
		if (!strcmp(environment.facts[i].name, name))
			return environment.facts[i].value;
	return NULL;
}

START_TEST(test_versions)
{
	ck_assert_ptr_nonnull(value_of("modus"));
	ck_assert_ptr_nonnull(value_of("compiler"));
	ck_assert_ptr_nonnull(strstr(value_of("libc"), gnu_get_libc_version()));
}
END_TEST

START_TEST(test_limits)
{
	struct rlimit limit;

	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	limit.rlim_cur = 64;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	environment_read(&environment);
	ck_assert_str_eq(value_of("limit_files"), "64");
}
END_TEST

START_TEST(test_a_file_is_a_line)
{
	const char *memory = value_of("memory");

	ck_assert_ptr_nonnull(memory);
	ck_assert_int_eq(strncmp(memory, "MemTotal:", 9), 0);
	ck_assert_ptr_null(strchr(memory, '\n'));
}
END_TEST

START_TEST(test_names_are_different_and_values_there)
{
	for (unsigned i = 0; i < environment.count; i++) {
		ck_assert_ptr_eq(value_of(environment.facts[i].name), environment.facts[i].value);
		ck_assert_str_ne(environment.facts[i].value, "Not affected");
		ck_assert_str_ne(environment.facts[i].value, "");
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		test_versions,
		test_limits,
		test_a_file_is_a_line,
		test_names_are_different_and_values_there,
	};

	return SUITE_RUN("environment", tests, set_up, tear_down);
}
